import fc, { type Arbitrary } from 'fast-check';
import { groupBy } from '../group-by.js';
import type { ReadLog, ReadRequest } from '../recordings/read-request.js';

/** How an exporter batched what it sent, and the order in which the batches came; shares from 0 to 1. */
export interface Delivery {
  /** Where the spans are cut, and where the log records are. */
  readonly spanCuts: readonly number[];
  readonly logCuts: readonly number[];
  /** Every item is a batch of its own. */
  readonly isSingle: boolean;
  /** Seeds the order of the batches. */
  readonly order: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const cuts = fc.array(share, { maxLength: 6 });

export const delivery: Arbitrary<Delivery> = fc.record({
  spanCuts: cuts,
  logCuts: cuts,
  isSingle: fc.boolean(),
  order: fc.integer(),
});

/** The same for the same `seed`. */
export function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  const [shuffled = []] = fc.sample(
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length }),
    { numRuns: 1, seed },
  );
  return shuffled;
}

/** Cuts at shares of the whole, each item apart where there are none. */
function cutAt<T>(items: readonly T[], shares: readonly number[] | undefined): readonly T[][] {
  const bounds = shares?.map((place) => Math.floor(place * items.length));
  const batchOf = (place: number): number =>
    bounds?.filter((bound) => bound <= place).length ?? place;
  return [...groupBy(items.entries(), ([place]) => batchOf(place)).values()].map((batch) =>
    batch.map(([, item]) => item),
  );
}

const isQuestion = ({ fact }: ReadLog): boolean => fact.eventName === 'gen_ai.user.message';

/** Two questions of one call and one moment, the second asked right after the first. */
const isAskedAfter = (before: ReadLog | undefined, log: ReadLog): boolean =>
  before !== undefined &&
  isQuestion(before) &&
  isQuestion(log) &&
  before.fact.spanId === log.fact.spanId &&
  before.fact.timeUnixNano === log.fact.timeUnixNano;

/**
 * Two things are told by nothing but the place in a request, so these log records stay with the first:
 * records equal to the letter and the nanosecond, which in requests of their own are one that was
 * sent again, and questions in a row.
 */
function gather(batches: readonly (readonly ReadLog[])[]): readonly ReadLog[][] {
  const homes = new Map<string, number>();
  let before: { readonly log: ReadLog; readonly home: number } | undefined;
  const placed = batches.flatMap((batch, index) =>
    batch.map((log) => {
      const own = isAskedAfter(before?.log, log) ? before?.home : undefined;
      const home = own ?? homes.get(log.key) ?? index;
      homes.set(log.key, home);
      before = { log, home };
      return before;
    }),
  );
  return [...groupBy(placed, ({ home }) => home).values()].map((batch) =>
    batch.map(({ log }) => log),
  );
}

const numbered = (logs: readonly ReadLog[]): readonly ReadLog[] =>
  logs.map((log, sequence) => ({ ...log, sequence }));

/** What was sent in other batches, which come in another order. A record's place is that in its batch. */
export function deliver(
  requests: readonly ReadRequest[],
  { spanCuts, logCuts, isSingle, order }: Delivery,
): readonly ReadRequest[] {
  const spans = requests.flatMap((request) => request.spans);
  const logs = requests.flatMap((request) => request.logs);
  const batches = [
    ...cutAt(spans, isSingle ? undefined : spanCuts).map((batch) => ({ spans: batch, logs: [] })),
    ...gather(cutAt(logs, isSingle ? undefined : logCuts)).map((batch) => ({
      spans: [],
      logs: numbered(batch),
    })),
  ];
  return shuffle(batches, order);
}
