import type { Contents } from '@colloquy/schema';
import { GrowingTree } from './growing-tree.js';
import { MessageMemory } from './message-memory.js';

/**
 * What the rebuild of a thread keeps for the next one, so that a thread which goes on costs what is
 * new in it. It changes no result: where the facts no longer begin as they did, it begins anew.
 */
export class RebuildMemory {
  messages = new MessageMemory();
  tree = new GrowingTree();

  /** To be called before a run, with all contents of the thread. */
  learn(contents: Contents): void {
    if (this.messages.learn(contents)) return;
    this.messages = new MessageMemory(contents);
    this.tree = new GrowingTree();
  }
}
