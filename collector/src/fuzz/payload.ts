import { deflateSync, gzipSync } from 'node:zlib';
import { createRandom } from '../bench/synthetic-text.js';
import { type Corpus, messageOfSeed, type Seed } from './corpus.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { mutateProtobuf } from './mutate-protobuf.js';
import { oneIn, pick, type Random } from './random.js';

/** A request that nobody should send. */
export interface Payload {
  readonly signal: 'traces' | 'logs';
  readonly encoding: 'protobuf' | 'json';
  /** As `Content-Encoding` has it; `identity` for none. */
  readonly compression: string;
  readonly body: Buffer;
}

const COMPRESSED_ODDS = 25;
const BOMB_ODDS = 200;
const BOMB_BYTES = 80 * 2 ** 20;

let bomb: Buffer | undefined;

/** 80 KiB that become 80 MiB. */
const zipBomb = (): Buffer => (bomb ??= gzipSync(Buffer.alloc(BOMB_BYTES)));

function mutate(seed: Seed, other: Seed, random: Random): Buffer {
  if (oneIn(random, 4)) return mutateBytes(seed.body, other.body, random);
  if (seed.encoding === 'protobuf')
    return mutateProtobuf(messageOfSeed(seed), messageOfSeed(other), random);
  return Buffer.from(mutateJson(seed.body.toString(), other.body.toString(), random));
}

/** Compressed, and now and then damaged after that. */
function compress(body: Buffer, random: Random): Omit<Payload, 'signal' | 'encoding'> {
  if (oneIn(random, BOMB_ODDS)) return { compression: 'gzip', body: zipBomb() };
  const [compression, squeeze] =
    random() < 0.8 ? (['gzip', gzipSync] as const) : (['deflate', deflateSync] as const);
  const squeezed = squeeze(body, { level: 1 });
  return {
    compression,
    body: random() < 0.5 ? squeezed : mutateBytes(squeezed, squeezed, random),
  };
}

/** The payload of this number: the same for the same seed, whatever came before it. */
export function createPayload(corpus: Corpus, seed: number, number: number): Payload {
  // Neighbouring seeds begin alike; this tells them apart.
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const group = pick(random, corpus);
  const chosen = pick(random, group);
  const { signal, encoding } = chosen;
  const body = mutate(chosen, pick(random, group), random);
  return oneIn(random, COMPRESSED_ODDS)
    ? { signal, encoding, ...compress(body, random) }
    : { signal, encoding, compression: 'identity', body };
}
