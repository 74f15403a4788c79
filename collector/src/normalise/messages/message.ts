import type { Json, JsonObject, Message, Role } from '@colloquy/schema';
import { readHaystackRepr } from './haystack-repr.js';
import { isArray, isObject, lookUp, stringAt, valueAt } from './json.js';
import { readLlamaIndexRepr } from './llamaindex-repr.js';
import { readPart } from './part.js';
import { appendParts, isToolDefinition, isUnfinished } from './pieces.js';
import { foldRole } from './role.js';
import { isObservation, readRoleMessage } from './role-message.js';
import { answering } from './smolagents.js';

/** The `type`s by which OpenAI's Responses API and Agents SDK mark items that are no message, and whose they are. */
const ITEM_ROLES: Readonly<Record<string, Role>> = {
  function_call: 'assistant',
  custom_tool_call: 'assistant',
  reasoning: 'assistant',
  function_call_output: 'tool',
  function_call_result: 'tool',
  custom_tool_call_output: 'tool',
};

/** LangChain's message types, by the last element of a constructor's `id` or by `type`. */
const LANGCHAIN_TYPES = /^(?:Human|AI|System|Tool|Function|Chat)Message(?:Chunk)?$/;

/** LangChain's dump of a message: `{lc, type: 'constructor', id: [..., 'HumanMessage'], kwargs}`. */
function readLangChain(object: JsonObject): readonly Message[] | undefined {
  const id = object['id'];
  const type = isArray(id) ? id.at(-1) : object['type'];
  if (typeof type !== 'string' || !LANGCHAIN_TYPES.test(type)) return undefined;
  const kwargs = isObject(object['kwargs']) ? object['kwargs'] : object;
  const role = type.replace(/Message(?:Chunk)?$/, '');
  return readRoleMessage({ ...kwargs, role }, foldRole(role));
}

/** Fields under which requests, responses and wrappers keep their messages, outermost first. */
const CONTAINERS = [
  'messages',
  'choices',
  'candidates',
  'output',
  'input',
  'contents',
  'generations',
  'replies',
  'message',
  'prompt',
  'content',
  'response',
  'result',
  'text',
  'args',
  'items',
  // LangGraph's commands.
  'update',
  // LangChain's callbacks, as Traceloop hands them on.
  'outputs',
  'inputs',
] as const;

/** A container is unwrapped only down to here: enough for every known wrapper. */
const MAX_WRAPPERS = 6;

/** Gemini's instructions may call themselves the user's. */
const asSystem = (system: Json): Json =>
  isObject(system) && Object.hasOwn(system, 'role') ? { ...system, role: 'system' } : system;

function readObject(object: JsonObject, role: Role, depth: number): readonly Message[] {
  const langChain = readLangChain(object);
  if (langChain !== undefined) return langChain;
  const type = stringAt(object, 'type');
  const ownRole =
    stringAt(object, 'role') ?? (type === undefined ? undefined : lookUp(ITEM_ROLES, type));
  if (ownRole !== undefined && type !== undefined && Object.hasOwn(ITEM_ROLES, type)) {
    return [{ role: foldRole(ownRole), parts: [readPart(object)] }];
  }
  const inner = object['message'];
  if (ownRole === undefined && isObject(inner)) return readObject(inner, role, depth);
  if (isToolDefinition(object)) return [];
  if (ownRole !== undefined) return readRoleMessage(object, foldRole(ownRole));
  // Langfuse for JavaScript keeps the calls of a streamed answer and nothing else.
  if (isArray(object['tool_calls'])) return readRoleMessage(object, 'assistant');
  const field = CONTAINERS.find((name) => Object.hasOwn(object, name) && object[name] !== null);
  if (field === undefined || depth >= MAX_WRAPPERS) return [];
  const system = valueAt(
    // Gemini's SDKs keep the instructions among the settings.
    isObject(object['config']) ? { ...object['config'], ...object } : object,
    'system',
    'instructions',
    'systemInstruction',
    'system_instruction',
  );
  return [
    ...(system == null ? [] : readAt(asSystem(system), 'system', depth + 1)),
    ...readAt(
      object[field] ?? null,
      field === 'output' || field === 'choices' ? 'assistant' : role,
      depth + 1,
    ),
  ];
}

function readAt(value: Json, role: Role, depth: number): readonly Message[] {
  if (typeof value === 'string') {
    const told =
      depth > 0 && value.startsWith('ChatMessage(')
        ? (readLlamaIndexRepr(value) ?? readHaystackRepr(value))
        : undefined;
    if (isObject(told)) return readObject(told, role, depth);
    return [{ role, parts: [{ type: 'text', content: value }] }];
  }
  if (isArray(value)) return readList(value, role, depth);
  return isObject(value) ? readObject(value, role, depth) : [];
}

/** Pieces such as `{type:'text'}` or `{text}` that are parts of one message, not messages. */
const isBarePart = (item: Json): boolean =>
  isObject(item) &&
  !Object.hasOwn(item, 'role') &&
  !Object.hasOwn(item, 'message') &&
  !Object.hasOwn(item, 'kwargs') &&
  !(
    typeof item['type'] === 'string' &&
    (Object.hasOwn(ITEM_ROLES, item['type']) || item['type'] === 'message')
  ) &&
  readPart(item).type !== 'raw';

const typeOf = (item: Json | undefined): string =>
  isObject(item) ? (stringAt(item, 'type') ?? '') : '';

/** Items of one Responses answer (reasoning, text, calls) are one message of the assistant. */
function joinsPrevious(item: Json, previous: Json | undefined): boolean {
  const isAnswer =
    lookUp(ITEM_ROLES, typeOf(previous)) === 'assistant' || typeOf(previous) === 'message';
  const isCall = lookUp(ITEM_ROLES, typeOf(item)) === 'assistant';
  return isCall && isAnswer;
}

/** OpenInference and others write each item of a Responses answer as a message; calls end the answer. */
const isCallsOnly = (item: Json, { role, parts }: Message): boolean =>
  role === 'assistant' &&
  parts.length > 0 &&
  parts.every(({ type }) => type === 'tool_call') &&
  // Alternative answers are numbered and end by themselves.
  !(isObject(item) && (Object.hasOwn(item, 'finish_reason') || Object.hasOwn(item, 'index')));

/** Reasoning that stands as a message of its own belongs to the words that follow it. */
const isReasoningOnly = ({ role, parts }: Message): boolean =>
  role === 'assistant' && parts.length > 0 && parts.every(({ type }) => type === 'reasoning');

function readList(list: readonly Json[], role: Role, depth: number): readonly Message[] {
  if (list.length > 0 && list.every(isBarePart)) return [{ role, parts: list.map(readPart) }];
  const messages: Message[] = [];
  appendItems(messages, list, { role, depth, previous: undefined });
  return messages;
}

interface Place {
  readonly role: Role;
  readonly depth: number;
  /** The item before these. */
  readonly previous: Json | undefined;
}

/** Reads items of a list after those that gave the messages. */
function appendItems(messages: Message[], items: readonly Json[], place: Place): void {
  const { role, depth } = place;
  let { previous } = place;
  for (const item of items) {
    const joins = joinsPrevious(item, previous);
    const goesOn = isUnfinished(previous);
    for (const message of readAt(item, role, depth)) {
      const last = messages.at(-1);
      if (
        last?.role === 'assistant' &&
        message.role === 'assistant' &&
        (joins || goesOn || isReasoningOnly(last) || isCallsOnly(item, message))
      ) {
        const parts = goesOn
          ? appendParts(last.parts, message.parts)
          : [...last.parts, ...message.parts];
        messages[messages.length - 1] = { ...message, parts };
      } else {
        messages.push(isObservation(item) ? answering(message, last) : message);
      }
    }
    previous = item;
  }
}

/** A list of messages as far as it was read. */
export interface ReadList {
  readonly messages: readonly Message[];
  /** The last item. */
  readonly last: Json;
}

/** Reads a list so that it can be gone on from; `undefined` for pieces of one message. */
export function beginList(list: readonly Json[], role: Role): ReadList | undefined {
  const last = list.at(-1);
  if (last === undefined || list.every(isBarePart)) return undefined;
  return { messages: readList(list, role, 0), last };
}

/** Reads the items that come after those of the list; as if all had been read at once. */
export function continueList(
  { messages, last }: ReadList,
  items: readonly Json[],
  role: Role,
): ReadList {
  const all = [...messages];
  appendItems(all, items, { role, depth: 0, previous: last });
  return { messages: all, last: items.at(-1) ?? last };
}

/**
 * Reads messages of any known shape: OTel parts, OpenAI chat and Responses, Anthropic, Gemini,
 * Bedrock, AI SDK, LangChain dumps, and requests or responses that hold them.
 *
 * @param value - decoded JSON; a string is the text of one message
 * @param role - whose words they are where the value does not say
 * @returns messages in order; none when the value holds nothing that looks like one
 */
export function readMessages(value: Json, role: Role): readonly Message[] {
  return readAt(value, role, 0);
}
