import type { Contents, Message } from '@colloquy/schema';
import { createStored, type StoredMessage } from './call.js';
import { sharedLength } from '../shared-length.js';

/** Stands in where content has not arrived or was erased: the place is kept, the words are gone. */
export const MISSING: Message = { role: 'assistant', parts: [{ type: 'raw', content: null }] };

/** Finds messages by hash. */
type Resolve = (hashes: readonly string[]) => readonly StoredMessage[];

/** The messages of one thread, one object each, however many calls re-send them. */
export class MessageMemory {
  readonly #known = new Map<string, StoredMessage>();
  readonly #missing = new Set<string>();
  #contents: Contents;

  constructor(contents: Contents = new Map()) {
    this.#contents = contents;
  }

  /** For what calls were sent: what a history shares with the last is not looked up again. */
  readonly input: Resolve = this.#createResolve();
  /** For what calls said. */
  readonly output: Resolve = this.#createResolve();

  /**
   * Takes contents for the messages that are not known yet.
   * @returns whether what it has said so far stands: none of them was missing
   */
  learn(contents: Contents): boolean {
    this.#contents = contents;
    return [...this.#missing].every((hash) => !contents.has(hash));
  }

  #createResolve(): Resolve {
    let last: readonly string[] = [];
    let messages: readonly StoredMessage[] = [];
    return (hashes) => {
      if (hashes === last) return messages;
      const shared = sharedLength(hashes, last);
      const rest = hashes.slice(shared).map((hash) => this.find(hash));
      const begin = shared === messages.length ? messages : messages.slice(0, shared);
      messages = begin.concat(rest);
      last = hashes;
      return messages;
    };
  }

  find(hash: string): StoredMessage {
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const message = this.#contents.get(hash);
    if (message === undefined) this.#missing.add(hash);
    const stored = createStored(hash, message ?? MISSING);
    this.#known.set(hash, stored);
    return stored;
  }
}
