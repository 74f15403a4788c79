import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RebuildMemory } from '../conversation/rebuild-memory.js';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording, type RecordedRequest } from './load-recording.js';
import { rebuildInMemory } from './rebuild-in-memory.js';

/** One that goes straight on, and two that turn back or side by side. */
const SCENARIOS = ['travel', 'edited', 'interleaved'];

type Requests = readonly RecordedRequest[];

/** What is known after each request, one after the other. */
const growing = (requests: Requests): readonly Requests[] =>
  requests.map((_, index) => requests.slice(0, index + 1));

/** The threads after each request, each rebuilt with what its rebuilds before have kept. */
function rebuildEach(requests: Requests): readonly unknown[] {
  const memories = new Map<string, RebuildMemory>();
  const memoryOf = (threadId: string): RebuildMemory => {
    const memory = memories.get(threadId) ?? new RebuildMemory();
    memories.set(threadId, memory);
    return memory;
  };
  return growing(requests).map((known) => rebuildInMemory(known, { memoryOf }));
}

const rebuildAnew = (requests: Requests): readonly unknown[] =>
  growing(requests).map((known) => rebuildInMemory(known));

const recordings = PRODUCERS.flatMap(({ name }) =>
  listRecordings(name)
    .filter((scenario) => SCENARIOS.includes(scenario))
    .map((scenario) => loadRecording(name, scenario)),
);

describe.each(recordings)('$producer/$scenario', ({ requests }) => {
  test('is the same rebuilt step by step', () => {
    expect(rebuildEach(requests)).toEqual(rebuildAnew(requests));
  });

  test('is the same rebuilt step by step in any order', () => {
    const order = fc.shuffledSubarray([...requests], { minLength: requests.length });
    fc.assert(
      fc.property(order, (shuffled) => {
        expect(rebuildEach(shuffled)).toEqual(rebuildAnew(shuffled));
      }),
      { numRuns: 2, seed: 20_261_122 },
    );
  });
});
