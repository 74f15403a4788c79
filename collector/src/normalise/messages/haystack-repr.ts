import type { Json } from '@colloquy/schema';
import { isObject } from './json.js';
import { readPythonRepr } from './python-repr.js';

/** Under which field a piece stands where Haystack writes JSON, by its class. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['ToolCall', 'tool_call'],
  ['ToolCallResult', 'tool_call_result'],
  ['ReasoningContent', 'reasoning'],
  ['ImageContent', 'image'],
  ['FileContent', 'file'],
]);

function build(name: string, fields: Readonly<Record<string, Json>>): Json {
  if (name === 'ChatMessage')
    return Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key.replace(/^_/, ''), value]),
    );
  const field = FIELDS.get(name);
  if (field === undefined) return fields;
  const origin = fields['origin'];
  return {
    [field]: isObject(origin) ? { ...fields, origin: origin['tool_call'] ?? null } : fields,
  };
}

/**
 * Haystack's messages where a tracer has no JSON for what goes with them, tools above all, and
 * writes Python's `repr`: one message, or what a component was given.
 *
 * @returns the JSON that Haystack's own `to_dict` has; `undefined` when the text is something else
 */
export const readHaystackRepr = (text: string): Json | undefined =>
  text.includes('ChatMessage(') ? readPythonRepr(text, build) : undefined;
