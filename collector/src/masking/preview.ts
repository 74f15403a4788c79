import type { MaskingExample, MaskingPreview, Part } from '@colloquy/schema';
import { rewrite } from './rewrite.js';
import type { Replacement, TextMasker } from './text-masker.js';

/** What a preview reads of a message. */
export interface PreviewedMessage {
  readonly threadId: string;
  readonly messageId: string;
  readonly role: string;
  readonly parts: readonly Part[];
}

/** Letters that one preview reads. */
const MAX_TEXT = 8_000_000;

/** How many examples are shown of each kind, and how many letters around them. */
const EXAMPLES = 5;
const CONTEXT = 60;

/** How long a preview may hold up everything else, in milliseconds. */
const BREATH_MS = 20;

/** Text as it was said, what is no text as JSON, and no bytes. */
const textOf = (part: Part): string => {
  if (part.type === 'text' || part.type === 'reasoning') return part.content;
  return part.type === 'blob' ? '' : JSON.stringify(part);
};

/** A replacement with some words around it; those beside it are masked too in `after`. */
function excerpt(text: string, found: readonly Replacement[], at: Replacement) {
  const from = Math.max(0, at.start - CONTEXT);
  const to = Math.min(text.length, at.end + CONTEXT);
  const within = found
    .filter(({ start, end }) => start >= from && end <= to)
    .map((one) => ({ ...one, start: one.start - from, end: one.end - from }));
  const before = text.slice(from, to);
  return { before, after: rewrite(before, within) };
}

/** Tries a masker on messages, the first of them first. Nothing is stored. */
export async function previewMasking(
  texts: TextMasker,
  messages: readonly PreviewedMessage[],
): Promise<MaskingPreview> {
  const found = new Map<string, number>();
  const examples: MaskingExample[] = [];
  let [read, changed, length] = [0, 0, 0];
  let since = performance.now();
  for (const { threadId, messageId, role, parts } of messages) {
    const contents = parts.map(textOf);
    length += contents.reduce((sum, text) => sum + text.length, 0);
    if (length > MAX_TEXT && read > 0) break;
    read += 1;
    let isChanged = false;
    for (const text of contents) {
      const replacements = texts.find(text);
      isChanged ||= replacements.length > 0;
      for (const replacement of replacements) {
        const { name } = replacement;
        const count = (found.get(name) ?? 0) + 1;
        found.set(name, count);
        if (count > EXAMPLES) continue;
        const where = { thread_id: threadId, message_id: messageId, role };
        examples.push({ found_by: name, ...where, ...excerpt(text, replacements, replacement) });
      }
    }
    if (isChanged) changed += 1;
    if (performance.now() - since < BREATH_MS) continue;
    await new Promise((resolve) => void setImmediate(resolve));
    since = performance.now();
  }
  return {
    messages_read: read,
    messages_changed: changed,
    messages_left_out: messages.length - read,
    found: Object.fromEntries(found),
    examples,
  };
}
