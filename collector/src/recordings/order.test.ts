import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording, type RecordedRequest } from './load-recording.js';
import { rebuildInMemory } from './rebuild-in-memory.js';

/** Where order matters most: repeats and failures, branches, two conversations, and logs of equal times. */
const SCENARIOS = ['travel', 'edited', 'interleaved', 'parallel-tools'];

/** Deliveries of each recording; each a shuffle of all its pieces, some of them twice. */
const RUNS = { numRuns: 3, seed: 20_261_122 };

/** Cuts a request at random places. A record's place in its request changes, as it does when an exporter batches otherwise. */
function cut(
  { spans, logs }: RecordedRequest,
  cuts: readonly number[],
): readonly RecordedRequest[] {
  const bounds = [
    0,
    ...cuts.map((share) => Math.floor(share * (spans.length + logs.length))),
    spans.length + logs.length,
  ].toSorted((a, b) => a - b);
  return bounds.slice(1).map((end, index) => {
    const start = bounds[index] ?? 0;
    return {
      spans: spans.slice(start, end),
      logs: logs
        .slice(Math.max(0, start - spans.length), Math.max(0, end - spans.length))
        .map((log, sequence) => ({ ...log, sequence })),
    };
  });
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

const recordings = PRODUCERS.flatMap(({ name }) =>
  listRecordings(name)
    .filter((scenario) => SCENARIOS.includes(scenario))
    .map((scenario) => loadRecording(name, scenario)),
);

describe.each(recordings)('$producer/$scenario', ({ requests }) => {
  const whole = rebuildInMemory(requests);

  test('gives the same in any order, every request twice', () => {
    const order = fc.shuffledSubarray([...requests, ...requests], {
      minLength: requests.length * 2,
      maxLength: requests.length * 2,
    });
    fc.assert(
      fc.property(order, (shuffled) => {
        expect(rebuildInMemory(shuffled)).toEqual(whole);
      }),
      RUNS,
    );
  });

  test('gives the same however the requests are cut', () => {
    const delivery = fc
      .array(fc.array(share, { maxLength: 4 }), {
        minLength: requests.length,
        maxLength: requests.length,
      })
      .map((cuts) => requests.flatMap((request, index) => cut(request, cuts[index] ?? [])))
      .chain((pieces) =>
        fc.shuffledSubarray([...pieces], { minLength: pieces.length, maxLength: pieces.length }),
      );
    fc.assert(
      fc.property(delivery, (pieces) => {
        expect(rebuildInMemory(pieces)).toEqual(whole);
      }),
      RUNS,
    );
  });

  test('gives the same when all logs come after all spans', () => {
    const late = [
      ...requests.map(({ spans }) => ({ spans, logs: [] })),
      ...requests.map(({ logs }) => ({ spans: [], logs })),
    ];
    expect(rebuildInMemory(late)).toEqual(whole);
  });
});
