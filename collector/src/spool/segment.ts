import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ColloquyError } from '../errors.js';
import {
  FRAME_BYTES,
  HEADER_BYTES,
  isForeignHeader,
  isSegmentHeader,
  isWhole,
  readFrameStart,
} from './frame.js';

const NAME = /^(\d{10})\.segment$/;

export const segmentPath = (folder: string, segment: number): string =>
  join(folder, `${String(segment).padStart(10, '0')}.segment`);

/** Numbers of the segments in a folder, oldest first. */
export async function listSegments(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** What stands at a place of a segment. */
export type Found =
  | { readonly kind: 'payload'; readonly payload: Buffer; readonly next: number }
  /** Nothing more up to the limit, or only the beginning of a frame. */
  | { readonly kind: 'end' }
  /** Not what was written; `next` is where the frame after it begins, where that can be told. */
  | { readonly kind: 'damaged'; readonly next: number | undefined };

/** Fills a buffer from a place of the file; shorter where the file ends. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/**
 * Reads what stands at `offset`.
 * @param limit - bytes of the file that count; what stands behind is not written yet
 */
export async function readFrameAt(file: FileHandle, offset: number, limit: number): Promise<Found> {
  if (offset + FRAME_BYTES > limit) return { kind: 'end' };
  const start = readFrameStart(await readAt(file, offset, FRAME_BYTES));
  const next = offset + FRAME_BYTES + start.length;
  if (next > limit) return { kind: 'damaged', next: undefined };
  const payload = await readAt(file, offset + FRAME_BYTES, start.length);
  return isWhole(payload, start)
    ? { kind: 'payload', payload, next }
    : { kind: 'damaged', next: next < limit ? next : undefined };
}

/**
 * Where the last whole frame of a segment ends; 0 where not even its header is whole.
 * @throws ColloquyError `STARTUP_FAILED` when a later version wrote it
 */
export async function findEnd(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const header = await readAt(file, 0, HEADER_BYTES);
    if (isForeignHeader(header)) {
      const message = `${path} was written by a later version of Colloquy; start that one, so that it is stored.`;
      throw new ColloquyError('STARTUP_FAILED', message);
    }
    if (!isSegmentHeader(header)) return 0;
    let end = HEADER_BYTES;
    for (let offset = HEADER_BYTES; ;) {
      const found = await readFrameAt(file, offset, size);
      if (found.kind === 'end') return end;
      if (found.kind === 'payload') end = found.next;
      if (found.next === undefined) return end;
      offset = found.next;
    }
  } finally {
    await file.close();
  }
}
