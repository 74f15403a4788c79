import type { Conversation, Part } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { RebuildMemory } from './conversation/rebuild-memory.js';
import { FactMemory } from './store/fact-memory.js';
import { forgetProject } from './store/forget-project.js';

const MAX_REBUILD_BYTES = 32_000_000;

/** What a message takes up in the tree of its thread, beside its text. */
const MESSAGE_BYTES = 2_000;

interface Remembered {
  readonly memory: RebuildMemory;
  readonly bytes: number;
}

/** Long pieces are texts, files and the answers of tools; calls of tools are short. */
const bytesOfPart = (part: Part): number => {
  const content = 'content' in part ? part.content : 'response' in part ? part.response : '';
  return 2 * (typeof content === 'string' ? content : JSON.stringify(content)).length;
};

const bytesOf = ({ messages }: Conversation): number =>
  messages
    .flatMap(({ parts }) => parts)
    .reduce((sum, part) => sum + bytesOfPart(part), MESSAGE_BYTES * (messages.length + 1));

/** What loading threads keeps for the next time: bounded, and never in place of what is stored. */
export class LoadMemory {
  readonly facts = new FactMemory();
  readonly #rebuilds = new LRUCache<string, Remembered>({
    maxSize: MAX_REBUILD_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });

  /** To be called when something of a project was erased. */
  forget(projectId: string): void {
    this.facts.forget(projectId);
    forgetProject(this.#rebuilds, projectId);
  }

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
