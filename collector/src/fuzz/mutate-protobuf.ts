import { hostileText } from './hostile.js';
import { mutateText } from './mutate-json.js';
import { below, pick, type Random } from './random.js';
import {
  fieldsOf,
  readTree,
  type Replacement,
  type WireField,
  writeTag,
  writeTree,
  writeVarint,
} from './wire-tree.js';

/** A message with all its fields in a row, to choose from. */
export interface WireMessage {
  readonly tree: readonly WireField[];
  readonly fields: readonly WireField[];
}

/** @throws RangeError when the bytes are no message */
export function messageOf(body: Buffer): WireMessage {
  const tree = readTree(body);
  if (tree === undefined) throw new RangeError('These bytes are no protobuf message.');
  return { tree, fields: fieldsOf(tree) };
}

const EDGES: readonly bigint[] = [
  0n,
  1n,
  127n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Bytes that are no UTF-8, or hardly. */
const BAD_TEXTS: readonly Buffer[] = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xf0, 0x9f, 0x98]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from([0x80]),
];

const MAX_REPEATS = 40;
const MAX_DEPTH = 150;

const bytesOf = ({ content }: WireField): Buffer =>
  Buffer.isBuffer(content) ? content : writeTree(content, new Map());

function edge(random: Random, type: number): Buffer {
  if (type === 0) return writeVarint(pick(random, EDGES));
  const bytes = Buffer.alloc(type === 1 ? 8 : 4);
  const value = pick(random, EDGES);
  if (type === 1) bytes.writeBigUInt64LE(value);
  else bytes.writeUInt32LE(Number(BigInt.asUintN(32, value)));
  return bytes;
}

/** A value in lists in lists: `AnyValue` has an `ArrayValue` in field 5, which has values in field 1. */
function nested(random: Random, field: WireField): WireField {
  let content: Buffer | readonly WireField[] = [{ number: 1, type: 2, content: Buffer.from('x') }];
  for (let depth = below(random, MAX_DEPTH); depth > 0; depth -= 1)
    content = [{ number: 5, type: 2, content: [{ number: 1, type: 2, content }] }];
  return { ...field, type: 2, content };
}

type Change = (field: WireField, random: Random, other: WireMessage) => Replacement;

const CHANGES: readonly Change[] = [
  () => [],
  (field, random) => Array.from({ length: 2 + below(random, MAX_REPEATS) }, () => field),
  (field, random, { fields }) => [field, pick(random, fields)],
  (field, random, { fields }) => [{ ...field, content: pick(random, fields).content }],
  (field, random) => [{ ...field, number: 1 + below(random, random() < 0.9 ? 17 : 2 ** 29 - 1) }],
  (field, random) => [{ ...field, type: below(random, 8) }],
  (field, random) => [{ ...field, content: edge(random, field.type) }],
  (field, random) => [{ ...field, type: 2, content: pick(random, BAD_TEXTS) }],
  (field, random) => [{ ...field, type: 2, content: Buffer.from(hostileText(random)) }],
  (field, random) => [nested(random, field)],
  // A length that is not that of what follows.
  (field, random) => [
    writeTag(field.number, 2),
    writeVarint(random() < 0.5 ? pick(random, EDGES) : BigInt(below(random, 300))),
    bytesOf(field),
  ],
];

const isText = ({ type, content }: WireField): boolean => type === 2 && Buffer.isBuffer(content);

function change(field: WireField, random: Random, other: WireMessage): Replacement {
  if (isText(field) && random() < 0.5) {
    const text = mutateText(bytesOf(field).toString(), random);
    return [{ ...field, content: Buffer.from(text) }];
  }
  return pick(random, CHANGES)(field, random, other);
}

/** @param other - of which something may be put into this one */
export function mutateProtobuf(
  { tree, fields }: WireMessage,
  other: WireMessage,
  random: Random,
): Buffer {
  const replaced = new Map<WireField, Replacement>();
  for (let times = 1 + below(random, 3); times > 0; times -= 1) {
    const field = pick(random, fields);
    replaced.set(field, change(field, random, other));
  }
  return writeTree(tree, replaced);
}
