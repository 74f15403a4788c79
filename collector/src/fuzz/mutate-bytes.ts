import { below, pick, type Random } from './random.js';

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x5c, 0x7b, 0x5d];
const MAX_FLIPS = 8;
const MAX_CUT = 64;

const at = (bytes: Buffer, random: Random): number => below(random, bytes.length + 1);

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let times = 1 + below(random, MAX_FLIPS); times > 0 && bytes.length > 0; times -= 1) {
      const place = below(random, bytes.length);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << below(random, 8));
    }
    return flipped;
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (bytes.length > 0) changed[below(random, bytes.length)] = pick(random, EDGES);
    return changed;
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => bytes.subarray(at(bytes, random)),
  (bytes, random) => {
    const place = at(bytes, random);
    return Buffer.concat([
      bytes.subarray(0, place),
      bytes.subarray(place + below(random, MAX_CUT)),
    ]);
  },
  (bytes, random) => {
    const place = at(bytes, random);
    const piece = bytes.subarray(place, place + below(random, MAX_CUT));
    return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place)]);
  },
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]),
  (bytes, _random, other) => Buffer.concat([bytes, other]),
];

/** Changes bytes without regard for what they mean. @param other - to be spliced with */
export const mutateBytes = (bytes: Buffer, other: Buffer, random: Random): Buffer =>
  pick(random, CHANGES)(bytes, random, other);
