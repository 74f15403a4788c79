import { crc32 } from 'node:zlib';

/**
 * How requests lie on disk. A segment begins with a header, then come frames, one for each request:
 *
 *     header   'CLQSPOOL', u32 version, u32 zero
 *     frame    u32 length of the payload, u32 CRC-32 of the payload, payload
 *     payload  u32 length of the head, head as JSON, body
 *
 * Numbers are little-endian. Fields may be added to the head; whoever reads it skips what it does not know.
 */
const MAGIC = Buffer.from('CLQSPOOL', 'latin1');
const VERSION = 1;
const HEAD_LENGTH_BYTES = 4;

export const HEADER_BYTES = 16;
export const FRAME_BYTES = 8;

export const SEGMENT_HEADER: Buffer = Buffer.concat([
  MAGIC,
  Buffer.of(VERSION, 0, 0, 0, 0, 0, 0, 0),
]);

/** True for the first bytes of a segment that this version can read. */
export const isSegmentHeader = (bytes: Buffer): boolean =>
  bytes.subarray(0, HEADER_BYTES).equals(SEGMENT_HEADER);

/** True for a segment of ours that some later version wrote. */
export const isForeignHeader = (bytes: Buffer): boolean =>
  bytes.length >= HEADER_BYTES &&
  bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
  !isSegmentHeader(bytes);

/** What is told of a request beside its body. */
interface FrameHead {
  readonly projectId: string;
  readonly signal: 'traces' | 'logs';
  readonly encoding: 'protobuf' | 'json';
  /** Well-formed spans or log records in the body. */
  readonly items: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Where a dead letter goes through the intake again. */
  readonly replay?: Replay;
}

/** Which items of a request are taken again; a version that does not know it takes all, which does no harm. */
interface Replay {
  /** Among the well-formed items; all where this is left out. */
  readonly places?: readonly number[] | undefined;
  /** Of the row that notes it. */
  readonly version: number;
}

export interface Frame extends FrameHead {
  /** The export request as it was sent, decompressed. */
  readonly body: Buffer;
}

/** The pieces of a frame, to be written one after the other; the body is not copied. */
export function encodeFrame({ body, ...head }: Frame): readonly Buffer[] {
  const json = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(FRAME_BYTES + HEAD_LENGTH_BYTES);
  start.writeUInt32LE(HEAD_LENGTH_BYTES + json.length + body.length, 0);
  start.writeUInt32LE(json.length, FRAME_BYTES);
  const inner = crc32(json, crc32(start.subarray(FRAME_BYTES)));
  start.writeUInt32LE(crc32(body, inner), 4);
  return [start, json, body];
}

export interface FrameStart {
  /** Bytes of the payload. */
  readonly length: number;
  readonly checksum: number;
}

/** @param bytes - at least `FRAME_BYTES` */
export const readFrameStart = (bytes: Buffer): FrameStart => ({
  length: bytes.readUInt32LE(0),
  checksum: bytes.readUInt32LE(4),
});

export const isWhole = (payload: Buffer, { checksum }: FrameStart): boolean =>
  crc32(payload) === checksum;

/** @throws SyntaxError or RangeError when a whole payload is none of ours */
export function decodePayload(payload: Buffer): Frame {
  const end = HEAD_LENGTH_BYTES + payload.readUInt32LE(0);
  const head = JSON.parse(payload.toString('utf8', HEAD_LENGTH_BYTES, end)) as FrameHead;
  return { ...head, body: payload.subarray(end) };
}
