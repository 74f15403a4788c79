import type { Json, JsonObject, Part, Role } from '@colloquy/schema';
import { isObject, lookUp, parsed, stringAt } from './json.js';
import { readPart } from './part.js';

/** A call that stands in the content and again among the calls (LangChain on Anthropic or Responses) is one. */
export function withoutRepeatedCalls(parts: readonly Part[]): readonly Part[] {
  const seen = new Set<string>();
  return parts.filter((part) => {
    if (part.type !== 'tool_call' || part.id === undefined) return true;
    const call = JSON.stringify([part.id, part.name, part.arguments]);
    const isRepeated = seen.has(call);
    seen.add(call);
    return !isRepeated;
  });
}

/** Fields without which a piece of each type is no piece but something people may write. */
const TELLING_FIELDS: Readonly<Record<string, readonly string[]>> = {
  reasoning: ['summary', 'encrypted_content', 'reasoning'],
  thinking: ['thinking'],
  function_call: ['call_id'],
  tool_call: ['args', 'arguments'],
  tool_use: ['input'],
  image: ['base64', 'url', 'mime_type', 'source'],
  file: ['base64', 'url', 'mime_type', 'file'],
  audio: ['base64', 'url', 'mime_type'],
  document: ['source'],
};

/** Reads a text that is the JSON of a piece; other text stays. */
function unwrapText(part: Part): Part {
  if (part.type !== 'text' || !part.content.startsWith('{"')) return part;
  const json: Json = parsed(part.content);
  const type = isObject(json) ? stringAt(json, 'type') : undefined;
  const fields = type === undefined ? undefined : lookUp(TELLING_FIELDS, type);
  const isPiece = fields?.some((field) => isObject(json) && Object.hasOwn(json, field));
  if (!isPiece) return part;
  const read = readPart(json);
  return read.type === 'raw' ? part : read;
}

/**
 * OpenLLMetry's LangChain instrumentation writes pieces it does not know (reasoning, calls, files) as
 * their JSON in a text. Users' words are looked into only beside other words.
 */
export const unwrapTexts = (parts: readonly Part[], role: Role): readonly Part[] =>
  role === 'assistant' || parts.length > 1 ? parts.map(unwrapText) : parts;

/** Langfuse's LangChain handler puts the definitions of tools among the messages, as if tools said them. */
export function isToolDefinition(message: JsonObject): boolean {
  const content = message['content'];
  if (message['role'] !== 'tool' || stringAt(message, 'tool_call_id', 'id') !== undefined)
    return false;
  const definition = isObject(content) ? content['function'] : undefined;
  return isObject(definition) && Object.hasOwn(definition, 'parameters');
}

/** Google's ADK tells of a stream in one message for each chunk; all but the last end without a reason. */
export const isUnfinished = (message: Json | undefined): boolean =>
  isObject(message) && message['finish_reason'] === '' && Object.hasOwn(message, 'parts');

/** Goes on with what a chunk before began: words join words of their kind. */
export function appendParts(parts: readonly Part[], next: readonly Part[]): readonly Part[] {
  const joined = [...parts];
  for (const part of next) {
    const last = joined.at(-1);
    const isWord = part.type === 'text' || part.type === 'reasoning';
    if (isWord && last?.type === part.type)
      joined[joined.length - 1] = { ...part, content: last.content + part.content };
    else joined.push(part);
  }
  return joined;
}
