import { afterAll, describe, expect, test } from 'vitest';
import { PRODUCERS } from '../producers/index.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording } from '../recordings/load-recording.js';
import { readRequest } from '../recordings/read-request.js';
import { rebuildRead } from '../recordings/rebuild-in-memory.js';
import { GROWTH } from './alive.js';
import { SEPARATION } from './apart.js';
import { COUNTING } from './counted.js';
import { LOSSLESS } from './lossless.js';
import { TRUTH } from './one-truth.js';
import { ORDER } from './order.js';
import type { Property, Runs, Take } from './property.js';

/** `COLLOQUY_PROPERTY_RUNS=20 npx vitest run src/invariants` looks longer, `COLLOQUY_PROPERTY_SEED` elsewhere. */
const RUNS = Number(process.env['COLLOQUY_PROPERTY_RUNS'] ?? 1);
const SEED = Number(process.env['COLLOQUY_PROPERTY_SEED'] ?? 20_261_123);
/** Names with commas between; all unless given. */
const CHOSEN = process.env['COLLOQUY_PROPERTY_PRODUCERS']?.split(',');

const PROPERTIES: readonly Property[] = [
  ...ORDER,
  ...GROWTH,
  ...SEPARATION,
  ...LOSSLESS,
  ...COUNTING,
  ...TRUTH,
];

/** Its rebuilds take as long as those of all others together. */
const HEAVY = 'megabyte';

/** A report is long where a conversation is. */
const MAX_REPORT = 4_000;

function* takesOf(producer: string): Generator<Take> {
  let other: Take | undefined;
  for (const scenario of listRecordings(producer)) {
    const recorded = loadRecording(producer, scenario).requests;
    const requests = recorded.map(readRequest);
    const take: Take = {
      producer,
      scenario,
      recorded,
      requests,
      whole: rebuildRead(requests),
      other,
    };
    yield take;
    other = { ...take, other: undefined };
  }
}

const runsOf = ({ scenario }: Take, place: number): Runs => ({
  numRuns: scenario === HEAVY ? 1 : RUNS,
  seed: SEED + place,
});

/** What the property says of each recording that it does not hold of. */
function findFailures({ check }: Property, takes: readonly Take[]): readonly string[] {
  return takes.flatMap((take, place) => {
    try {
      check(take, runsOf(take, place));
      return [];
    } catch (error) {
      return [`${take.scenario}, seed ${SEED}: ${String(error).slice(0, MAX_REPORT)}`];
    }
  });
}

describe.each(PRODUCERS.filter(({ name }) => CHOSEN?.includes(name) ?? true))(
  '$name',
  ({ name }) => {
    let takes: readonly Take[] | undefined;
    afterAll(() => {
      takes = undefined;
    });

    test.each(PROPERTIES.map((property) => [property.claim, property] as const))(
      '%s',
      (_, property) => {
        takes ??= [...takesOf(name)];
        expect(findFailures(property, takes)).toEqual([]);
      },
      600_000,
    );
  },
);
