import type { Json, JsonObject } from '@colloquy/schema';
import { isArray, isObject, stringAt } from './json.js';

interface Call {
  id: string | undefined;
  name: string | undefined;
  arguments: string;
}

function addCall(calls: Map<number, Call>, piece: JsonObject): void {
  const index = typeof piece['index'] === 'number' ? piece['index'] : 0;
  const call = calls.get(index) ?? { id: undefined, name: undefined, arguments: '' };
  const told = isObject(piece['function']) ? piece['function'] : {};
  calls.set(index, {
    id: call.id ?? stringAt(piece, 'id'),
    name: call.name ?? stringAt(told, 'name'),
    arguments: call.arguments + (stringAt(told, 'arguments') ?? ''),
  });
}

/** What a chunk adds to the first answer. */
function deltaOf(chunk: Json): JsonObject | undefined {
  const choices = isObject(chunk) ? chunk['choices'] : undefined;
  const first = isArray(choices) ? choices[0] : undefined;
  return isObject(first) && isObject(first['delta']) ? first['delta'] : undefined;
}

/**
 * The message that the chunks of an OpenAI chat stream make.
 *
 * @returns the message in OpenAI's form; `undefined` when the chunks are none of OpenAI's
 */
export function joinChunks(chunks: readonly Json[]): JsonObject | undefined {
  const deltas = chunks.map(deltaOf).filter((delta) => delta !== undefined);
  if (deltas.length === 0) return undefined;
  const calls = new Map<number, Call>();
  for (const { tool_calls: pieces } of deltas)
    for (const piece of isArray(pieces) ? pieces : []) if (isObject(piece)) addCall(calls, piece);
  const toolCalls: Json = [...calls.values()].map(({ id, name, arguments: text }) => ({
    ...(id !== undefined && { id }),
    type: 'function',
    function: { name: name ?? '', arguments: text },
  }));
  const join = (field: string): string =>
    deltas.map((delta) => stringAt(delta, field) ?? '').join('');
  const reasoning = join('reasoning_content');
  return {
    role: 'assistant',
    content: join('content'),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.size > 0 && { tool_calls: toolCalls }),
  };
}
