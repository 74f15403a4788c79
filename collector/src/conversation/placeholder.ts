import type { Part } from '@colloquy/schema';

/** What stands where content was taken out, in lower case; `dialects.md` section 32. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '',
  '{}',
  '__redacted__',
  '<redacted>',
  '[redacted]',
  '<elided>',
  '<not serializable>',
]);

const MAX_LENGTH = Math.max(...[...PLACEHOLDERS].map(({ length }) => length));

function isPlaceholderText(text: string): boolean {
  const bare = text.trim();
  return bare.length <= MAX_LENGTH && PLACEHOLDERS.has(bare.toLowerCase());
}

const isNothing = (value: unknown): boolean =>
  typeof value === 'string'
    ? isPlaceholderText(value)
    : value == null ||
      (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** True when a piece of a message says nothing, because it was redacted or never captured. */
export function isPlaceholder(part: Part): boolean {
  if (part.type === 'text' || part.type === 'blob') return isPlaceholderText(part.content);
  if (part.type === 'tool_call_response') return isNothing(part.response);
  return part.type === 'raw' && isNothing(part.content);
}
