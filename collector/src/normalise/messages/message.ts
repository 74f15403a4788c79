import type { Json, JsonObject, Message, Part, Role } from '@colloquy/schema';
import { readAttached } from './attached.js';
import { readHaystackRepr } from './haystack-repr.js';
import { isArray, isObject, lookUp, parsed, stringAt, valueAt } from './json.js';
import { readLlamaIndexRepr } from './llamaindex-repr.js';
import { readPart, soleText, toolCall } from './part.js';
import {
  appendParts,
  isToolDefinition,
  isUnfinished,
  unwrapTexts,
  withoutRepeatedCalls,
} from './pieces.js';
import { readRetold } from './retold.js';
import { answering, readMemory } from './smolagents.js';
import { foldRole } from './role.js';

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

const isToolResultPart = (part: Json): boolean => readPart(part).type === 'tool_call_response';

/** What the body of a message holds, apart from its tool calls. */
function readContent(message: JsonObject, role: Role): readonly Part[] {
  const pieces = valueAt(message, 'parts', 'contents', 'content', 'text') ?? null;
  const callId = stringAt(message, 'tool_call_id', 'call_id', 'id');
  const list = typeof pieces === 'string' ? parsedParts(pieces) : pieces;
  // LiteLLM writes results as text parts and the id of the call beside them.
  const isResult =
    role === 'tool' && (!Object.hasOwn(message, 'parts') || Object.hasOwn(message, 'tool_call_id'));
  if (isResult && !(isArray(list) && list.some(isToolResultPart))) {
    const name = stringAt(message, 'name');
    return [
      {
        type: 'tool_call_response',
        ...(callId === undefined ? name !== undefined && { name } : { id: callId }),
        response: soleText(pieces),
      },
    ];
  }
  if (list === null) return [];
  return isArray(list) ? list.map(readPart) : [readPart(list)];
}

/** Pieces that declare a type or are named by their only field; people paste lists of other objects. */
const isTypedPart = (part: Json): boolean =>
  isObject(part) &&
  (typeof part['type'] === 'string' || Object.keys(part).length === 1) &&
  readPart(part).type !== 'raw';

/** Text, unless it is the JSON of a list of content parts, as OpenLLMetry flattens them. */
function parsedParts(content: string): Json {
  const json = content.startsWith('[{"') ? parsed(content) : content;
  return isArray(json) && json.every(isTypedPart) ? json : content;
}

function readToolCalls(message: JsonObject): readonly Part[] {
  const calls = valueAt(message, 'tool_calls', 'toolCalls');
  const list = isArray(calls) ? calls : [];
  const legacy = message['function_call'];
  return [...list, ...(isObject(legacy) ? [legacy] : [])].map((call) =>
    isObject(call) ? (toolCall(call) ?? { type: 'raw', content: call }) : readPart(call),
  );
}

function readReasoning(message: JsonObject): readonly Part[] {
  const content = stringAt(message, 'reasoning_content', 'reasoning', 'thinking');
  return content === undefined ? [] : [{ type: 'reasoning', content }];
}

/** Leaves an empty text out where the message says something else: emitters add it at will. */
function withoutEmptyText(parts: readonly Part[]): readonly Part[] {
  const full = parts.filter((part) => part.type !== 'text' || part.content !== '');
  return full.length > 0 ? full : parts.slice(0, 1);
}

/** Tool results that came in a user message (Anthropic, Bedrock, Pydantic AI) become one of role tool. */
function splitToolResults(message: Message): readonly Message[] {
  if (message.role !== 'user') return [message];
  const results = message.parts.filter((part) => part.type === 'tool_call_response');
  if (results.length === 0) return [message];
  const rest = message.parts.filter((part) => part.type !== 'tool_call_response');
  const tool: Message = { role: 'tool', parts: results };
  return rest.length === 0 ? [tool] : [tool, { ...message, parts: rest }];
}

/** What tools returned, in the memory of an agent of smolagents. */
const isObservation = (message: Json): boolean =>
  isObject(message) &&
  (message['role'] === 'tool-response' || isObservation(message['message'] ?? null));

function readRoleMessage(message: JsonObject, role: Role): readonly Message[] {
  // OpenLLMetry's older versions tell Anthropic's thoughts as messages of a role of their own.
  const thought = role === 'thinking' ? stringAt(message, 'content') : undefined;
  if (thought !== undefined)
    return [{ role: 'assistant', parts: [{ type: 'reasoning', content: thought }] }];
  const name = role === 'tool' ? undefined : stringAt(message, 'name');
  const refusal = message['refusal'];
  const parts = withoutEmptyText(
    withoutRepeatedCalls([
      ...readReasoning(message),
      ...unwrapTexts(readContent(message, role), role),
      ...readAttached(message),
      ...(typeof refusal === 'string' ? [{ type: 'text', content: refusal } as const] : []),
      ...readToolCalls(message),
    ]),
  );
  const isMemory = role === 'assistant' || isObservation(message);
  const read = {
    role,
    parts: isMemory ? readMemory(parts) : parts,
    ...(name !== undefined && { name }),
  };
  return readRetold(read) ?? splitToolResults(read);
}

/** LangChain's dump of a message: `{lc, type: 'constructor', id: [..., 'HumanMessage'], kwargs}`. */
function fromLangChain(object: JsonObject): JsonObject | undefined {
  const id = object['id'];
  const type = isArray(id) ? id.at(-1) : object['type'];
  if (typeof type !== 'string' || !LANGCHAIN_TYPES.test(type)) return undefined;
  const kwargs = isObject(object['kwargs']) ? object['kwargs'] : object;
  return { ...kwargs, role: type.replace(/Message(?:Chunk)?$/, '') };
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
] as const;

/** A container is unwrapped only down to here: enough for every known wrapper. */
const MAX_WRAPPERS = 6;

/** Gemini's instructions may call themselves the user's. */
const asSystem = (system: Json): Json =>
  isObject(system) && Object.hasOwn(system, 'role') ? { ...system, role: 'system' } : system;

function readObject(object: JsonObject, role: Role, depth: number): readonly Message[] {
  const langChain = fromLangChain(object);
  if (langChain !== undefined) return readObject(langChain, role, depth);
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
  for (const [index, item] of list.entries()) {
    const joins = joinsPrevious(item, list[index - 1]);
    const goesOn = isUnfinished(list[index - 1]);
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
  }
  return messages;
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
