import protobuf from 'protobufjs/minimal.js';

/** A field of a protobuf message, of whose meaning nothing is known. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 delimited, 5 four bytes. */
  readonly type: number;
  /** What stands after the tag, or after the length: fields where it reads like a message. */
  readonly content: Buffer | readonly WireField[];
}

/** What is written in place of a field: others, or bytes as they are. */
export type Replacement = readonly (WireField | Buffer)[];

const LENGTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function readField(reader: protobuf.Reader, bytes: Buffer): WireField {
  const tag = reader.uint32();
  const number = tag >>> 3;
  const type = tag & 7;
  if (number === 0) throw new RangeError('no field has the number 0');
  if (type === 2) {
    const content = Buffer.from(reader.bytes());
    return { number, type, content: readTree(content) ?? content };
  }
  const start = reader.pos;
  if (type === 0) reader.uint64();
  else reader.skip(LENGTHS[type] ?? Number.NaN);
  if (type !== 0 && LENGTHS[type] === undefined) throw new RangeError('no such type');
  return { number, type, content: bytes.subarray(start, reader.pos) };
}

/** The fields of a message; `undefined` where the bytes are none. */
export function readTree(bytes: Buffer): readonly WireField[] | undefined {
  if (bytes.length === 0) return undefined;
  const reader = protobuf.Reader.create(bytes);
  const fields: WireField[] = [];
  try {
    while (reader.pos < bytes.length) fields.push(readField(reader, bytes));
    return fields;
  } catch {
    return undefined;
  }
}

/** All fields of a tree, however deep. */
export const fieldsOf = (tree: readonly WireField[]): readonly WireField[] =>
  tree.flatMap((field) =>
    Buffer.isBuffer(field.content) ? [field] : [field, ...fieldsOf(field.content)],
  );

/** A whole number as protobuf writes it, of up to 64 bits. */
export function writeVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export const writeTag = (number: number, type: number): Buffer =>
  writeVarint((BigInt(number) << 3n) | BigInt(type));

/** A tree as bytes, with something else in place of some of its fields. */
export function writeTree(
  tree: readonly (WireField | Buffer)[],
  replaced: ReadonlyMap<WireField, Replacement>,
): Buffer {
  return Buffer.concat(tree.flatMap((field) => writeField(field, replaced)));
}

function writeField(
  field: WireField | Buffer,
  replaced: ReadonlyMap<WireField, Replacement>,
): readonly Buffer[] {
  if (Buffer.isBuffer(field)) return [field];
  const others = replaced.get(field);
  if (others !== undefined) return [writeTree(others, new Map())];
  const { number, type, content } = field;
  const bytes = Buffer.isBuffer(content) ? content : writeTree(content, replaced);
  const length = type === 2 ? [writeVarint(BigInt(bytes.length))] : [];
  return [writeTag(number, type), ...length, bytes];
}
