import type { Message, Part } from '@colloquy/schema';
import { isObject, parsed } from './messages/json.js';

function asObject(part: Part): Part {
  if (part.type !== 'tool_call_response') return part;
  const response = parsed(part.response);
  return isObject(response) ? { ...part, response } : part;
}

/** The results of tools as the objects they are, where the tracer writes their JSON text. */
export const withObjectResults = (messages: readonly Message[]): readonly Message[] =>
  messages.map((message) =>
    message.role === 'tool' ? { ...message, parts: message.parts.map(asObject) } : message,
  );
