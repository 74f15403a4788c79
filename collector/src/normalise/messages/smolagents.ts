import type { Json, Message, Part } from '@colloquy/schema';
import { isArray, isObject } from './json.js';
import { toolCall } from './part.js';
import { readPythonRepr } from './python-repr.js';

const CALLS = /^Calling tools:\n(?=\[)/;
const OBSERVATION = /^Observation:\n/;

function readCalls(text: string): readonly Part[] | undefined {
  const list: Json | undefined = readPythonRepr(text.replace(CALLS, ''), (_, fields) => fields);
  const calls = isArray(list)
    ? list.map((call) => (isObject(call) ? toolCall(call) : undefined))
    : [];
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

/**
 * The memory of an agent of smolagents tells its calls as the `repr` of a list, in the words of a
 * message, and puts a heading above what tools returned.
 */
export const readMemory = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap((part): readonly Part[] => {
    if (part.type === 'text' && CALLS.test(part.content)) return readCalls(part.content) ?? [part];
    return part.type === 'tool_call_response' && typeof part.response === 'string'
      ? [{ ...part, response: part.response.replace(OBSERVATION, '') }]
      : [part];
  });

/** A memory tells what tools returned without the ids of their calls; the one call before is the one answered. */
export function answering(result: Message, before: Message | undefined): Message {
  const [part, other] = result.parts;
  const calls = before?.parts.filter((item) => item.type === 'tool_call') ?? [];
  const [call] = calls;
  return part?.type === 'tool_call_response' &&
    other === undefined &&
    calls.length === 1 &&
    call?.id
    ? { ...result, parts: [{ type: part.type, id: call.id, response: part.response }] }
    : result;
}
