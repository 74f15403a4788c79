import type { Json, Message, Part } from '@colloquy/schema';
import { digest } from '../digest.js';
import { unframed } from './frames.js';
import { isPlaceholder } from './placeholder.js';
import { withoutDraw } from './stored-again.js';

/** JSON with its keys sorted at every level: two spellings of one value become one. */
function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalText(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** Text that is JSON counts as the JSON it is, other text as itself without outer white space. */
function canonicalText(text: string): string {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      return canonicalJson(JSON.parse(trimmed) as Json);
    } catch {
      return JSON.stringify(trimmed);
    }
  }
  return JSON.stringify(trimmed);
}

/**
 * What a part contributes to comparison. Ids, names and reasoning are volatile: an echo loses
 * or rewrites them, so they count for nothing.
 */
const PART_KEYS: { readonly [T in Part['type']]: (part: Extract<Part, { type: T }>) => string } = {
  text: ({ content }) => `text:${unframed(content).trim()}`,
  reasoning: () => '',
  tool_call: ({ name, arguments: args }) =>
    `call:${name}(${canonicalJson(args === '' ? {} : (args ?? {}))})`,
  tool_call_response: ({ response }) => `result:${canonicalJson(response)}`,
  blob: ({ content }) => `blob:${digest(content)}`,
  file: ({ file_id }) => `file:${file_id}`,
  uri: ({ uri }) => `uri:${withoutDraw(uri)}`,
  raw: ({ content }) => `raw:${canonicalJson(content)}`,
};

const partKey = (part: Part): string => (PART_KEYS[part.type] as (of: Part) => string)(part);

const isEmptyText = (part: Part): boolean => part.type === 'text' && part.content.trim() === '';

const isReasoning = (part: Part): boolean => part.type === 'reasoning' && part.content !== '';

const isRedacted = (part: Part): boolean => !isEmptyText(part) && isPlaceholder(part);

/** Joins neighbouring text parts: an echo may split one text into several, or the reverse. */
function joinTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text' && !isRedacted(part) && !isRedacted(last)) {
      joined[joined.length - 1] = { type: 'text', content: last.content + part.content };
    } else {
      joined.push(part);
    }
  }
  return joined;
}

/** What of a message counts, neighbouring texts as one. */
export const spokenParts = (parts: readonly Part[]): readonly Part[] =>
  joinTexts(parts.filter((part) => part.type !== 'reasoning')).filter((part) => !isEmptyText(part));

/** Begins the key of a step whose content is not known; the role follows. */
const BLANK = '?';

/** True for a step that is equal to nothing by content, only by its place and role. */
export const isBlank = (key: string): boolean => key.startsWith(BLANK);

/**
 * The steps by which a message is compared, one key each. What the assistant and tools say is
 * cut into its parts, because an echo may come as one message or as several; what a user or
 * the system says is one piece. Reasoning counts only where a message has nothing else.
 */
export function atomsOf({ role, parts }: Pick<Message, 'role' | 'parts'>): readonly string[] {
  const spoken = spokenParts(parts);
  const blank = BLANK + role;
  if (spoken.length === 0)
    return [
      parts.some(isReasoning)
        ? digest(`${role}|${JSON.stringify(parts.filter(isReasoning))}`)
        : blank,
    ];
  const isSplittable = role === 'assistant' || role === 'tool';
  if (isSplittable)
    return spoken.map((part) => (isPlaceholder(part) ? blank : digest(`${role}|${partKey(part)}`)));
  return [
    spoken.every(isPlaceholder) ? blank : digest(`${role}|${spoken.map(partKey).join('\n')}`),
  ];
}
