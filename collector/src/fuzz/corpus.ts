import { PRODUCERS } from '../producers/index.js';
import { listRecordings, readRecording } from '../recorder/recording-file.js';
import { messageOf, type WireMessage } from './mutate-protobuf.js';

/** A request that a real tracer sent. */
export interface Seed {
  readonly signal: 'traces' | 'logs';
  readonly encoding: 'protobuf' | 'json';
  readonly body: Buffer;
}

/** Requests of a signal and an encoding, which may be spliced with each other. */
export type Corpus = readonly (readonly Seed[])[];

/** Small ones give as much to go wrong in less time; in JSON there are few. */
const MAX_BYTES = { protobuf: 5_000, json: 8_000 };
const PER_RECORDING = 3;
const SCENARIOS = ['travel', 'parallel-tools', 'media'];

function seedsOf(producer: string, scenario: string): readonly Seed[] {
  const { requests } = readRecording(producer, scenario);
  return requests
    .flatMap(({ signal, encoding, body }) =>
      signal === 'metrics' ? [] : [{ signal, encoding, body }],
    )
    .filter(({ encoding, body }) => body.length > 0 && body.length <= MAX_BYTES[encoding])
    .slice(0, PER_RECORDING);
}

/** Recorded requests of every producer. */
export function readCorpus(): Corpus {
  const groups = new Map<string, Seed[]>();
  for (const { name } of PRODUCERS) {
    const recorded = listRecordings(name);
    for (const scenario of SCENARIOS.filter((wanted) => recorded.includes(wanted))) {
      for (const seed of seedsOf(name, scenario)) {
        const key = `${seed.signal} ${seed.encoding}`;
        groups.set(key, [...(groups.get(key) ?? []), seed]);
      }
    }
  }
  return [...groups.values()];
}

const messages = new WeakMap<Seed, WireMessage>();

/** What a protobuf request consists of. */
export function messageOfSeed(seed: Seed): WireMessage {
  const known = messages.get(seed);
  if (known !== undefined) return known;
  const message = messageOf(seed.body);
  messages.set(seed, message);
  return message;
}
