import type { Conversation } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { RebuildMemory } from './conversation/rebuild-memory.js';
import { FactMemory } from './store/fact-memory.js';

const MAX_REBUILD_BYTES = 32_000_000;

/** What a message takes up in the tree of its thread, beside its text. */
const MESSAGE_BYTES = 2_000;

interface Remembered {
  readonly memory: RebuildMemory;
  readonly bytes: number;
}

const bytesOf = ({ messages }: Conversation): number =>
  messages.reduce(
    (sum, { parts }) => sum + MESSAGE_BYTES + 2 * JSON.stringify(parts).length,
    MESSAGE_BYTES,
  );

/** What loading threads keeps for the next time: bounded, and never in place of what is stored. */
export class LoadMemory {
  readonly facts = new FactMemory();
  readonly #rebuilds = new LRUCache<string, Remembered>({
    maxSize: MAX_REBUILD_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });

  /** Lends what the last rebuild of a thread has kept. */
  rebuild(
    key: string,
    run: (memory: RebuildMemory) => Conversation | undefined,
  ): Conversation | undefined {
    const memory = this.#rebuilds.get(key)?.memory ?? new RebuildMemory();
    this.#rebuilds.delete(key);
    const conversation = run(memory);
    if (conversation !== undefined)
      this.#rebuilds.set(key, { memory, bytes: bytesOf(conversation) });
    return conversation;
  }
}
