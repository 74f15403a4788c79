import type { Conversation } from '@colloquy/schema';
import fc from 'fast-check';
import { RebuildMemory } from '../conversation/rebuild-memory.js';
import type { ReadRequest } from '../recordings/read-request.js';
import { rebuildRead } from '../recordings/rebuild-in-memory.js';
import { deliver, delivery } from './delivery.js';
import type { Property } from './property.js';
import { expectSame } from './same.js';

/** Rebuilds of one thread while its parts arrive. */
const STEPS = 3;

/** What is known after each step. */
function growing(batches: readonly ReadRequest[]): readonly (readonly ReadRequest[])[] {
  const size = Math.max(1, Math.ceil(batches.length / STEPS));
  const count = Math.max(1, Math.ceil(batches.length / size));
  return Array.from({ length: count }, (_, index) => batches.slice(0, (index + 1) * size));
}

/** The threads after each step, each rebuilt with what its rebuilds before have kept. */
function rebuildEach(
  steps: readonly (readonly ReadRequest[])[],
): readonly (readonly Conversation[])[] {
  const memories = new Map<string, RebuildMemory>();
  const memoryOf = (threadId: string): RebuildMemory => {
    const memory = memories.get(threadId) ?? new RebuildMemory();
    memories.set(threadId, memory);
    return memory;
  };
  return steps.map((known) => rebuildRead(known, { memoryOf }));
}

function checkSteps(batches: readonly ReadRequest[], whole: readonly Conversation[]): void {
  const steps = growing(batches);
  const anew = steps.slice(0, -1).map((known) => rebuildRead(known));
  expectSame(rebuildEach(steps), [...anew, whole]);
}

const ALIVE: Property = {
  claim: '3. Order-free. A thread rebuilt step by step as it arrives is the one rebuilt in one go',
  check: ({ requests, whole }, runs) =>
    fc.assert(
      fc.property(fc.boolean(), delivery, (isAsSent, plan) =>
        checkSteps(isAsSent ? requests : deliver(requests, plan), whole),
      ),
      runs,
    ),
};

export const GROWTH: readonly Property[] = [ALIVE];
