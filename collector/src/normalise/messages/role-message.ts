import type { Json, JsonObject, Message, Part, Role } from '@colloquy/schema';
import { readAttached } from './attached.js';
import { isArray, isObject, parsed, stringAt, valueAt } from './json.js';
import { readPart, soleText, toolCall } from './part.js';
import { unwrapTexts, withoutRepeatedCalls } from './pieces.js';
import { readRetold } from './retold.js';
import { readMemory } from './smolagents.js';

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
export const isObservation = (message: Json): boolean =>
  isObject(message) &&
  (message['role'] === 'tool-response' || isObservation(message['message'] ?? null));

/** Reads an object that says or implies a role; tool results among words of the user become a message of their own. */
export function readRoleMessage(message: JsonObject, role: Role): readonly Message[] {
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
