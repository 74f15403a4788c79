import type { Json, Part } from '@colloquy/schema';

/** Texts and numbers of a JSON value, without its keys. */
function* leavesOf(value: Json | undefined): Generator<string> {
  if (typeof value === 'string' || typeof value === 'number') yield String(value);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value) as readonly Json[]) yield* leavesOf(item);
}

/** What of a part can be searched; nothing of media that is carried inline. */
const WORDS: { readonly [T in Part['type']]: (part: Extract<Part, { type: T }>) => Json } = {
  text: ({ content }) => content,
  reasoning: ({ content }) => content,
  tool_call: ({ name, arguments: args = null }) => [name, args],
  tool_call_response: ({ name = null, response }) => [name, response],
  blob: () => null,
  file: ({ file_id }) => file_id,
  uri: ({ uri }) => (uri.startsWith('data:') ? null : uri),
  raw: ({ content }) => content,
};

const wordsOf = (part: Part): Json => (WORDS[part.type] as (of: Part) => Json)(part);

/** All that a message says in words: texts, thoughts, and what tools were given and gave. */
export const searchText = (parts: readonly Part[]): string =>
  [...leavesOf(parts.map(wordsOf))].join('\n');

/**
 * What of `fact_contents.message` is indexed, as the index has it: {@link searchText} in lower case, in which
 * what JSON escapes is a space. Where a message has several parts, their types are in it too.
 */
export const INDEXED_TEXT = String.raw`lowerUTF8(replaceRegexpAll(message, '^[{]"role":"[a-z]+","parts":\\[(?:[{]"type":"(?:blob"[^{}]*|[a-z_]+"))?|\\\\(?:u[0-9a-f]{4}|.)|"type":"blob"[^{}]*|"uri":"data:[^"]*"|"(?:[^"\\\\,}\\]]|\\\\.)(?:[^"\\\\]|\\\\.)*":', ' '))`;

/** A text as it stands in `fact_contents.message`. */
export const asStored = (text: string): string => JSON.stringify(text).slice(1, -1);
