import { hash } from 'node:crypto';
import type { Message } from '@colloquy/schema';

/** 128 bits of SHA-256 as a UUID, the form in which ClickHouse keeps 16 bytes readably. */
export function digest(text: string): string {
  const hex = hash('sha256', text, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

const hashes = new WeakMap<Message, string>();

/** The key under which a message's content is stored: equal only when every part is equal to the letter. */
export function hashContent(message: Message): string {
  const known = hashes.get(message);
  if (known !== undefined) return known;
  const fresh = digest(JSON.stringify(message));
  hashes.set(message, fresh);
  return fresh;
}
