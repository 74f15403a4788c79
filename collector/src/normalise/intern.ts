import type { Message } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';

const MIN_TEXT = 256;
const MAX_CHARACTERS = 8_000_000;

const messages = new LRUCache<string, Message>({
  maxSize: MAX_CHARACTERS,
  sizeCalculation: (_, text) => text.length,
});

/** The text of a message that is nothing else. */
function soleText({ parts }: Message): string | undefined {
  const [part] = parts;
  return parts.length === 1 && part?.type === 'text' && Object.keys(part).length === 2
    ? part.content
    : undefined;
}

const isEqual = (a: Message, b: Message): boolean =>
  a.role === b.role && a.name === b.name && Object.keys(a).join() === Object.keys(b).join();

/**
 * The message itself, or the same one that was met before: history is sent again and again, and
 * what is known of an object need not be found out once more.
 */
export function intern(message: Message): Message {
  const text = soleText(message);
  if (text === undefined || text.length < MIN_TEXT) return message;
  const known = messages.get(text);
  if (known !== undefined && isEqual(known, message)) return known;
  messages.set(text, message);
  return message;
}

/** To be called when messages were erased: none of them stays in memory. */
export const forgetMessages = (): void => messages.clear();
