import { link, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePayload, HEADER_BYTES, type Frame } from './frame.js';
import type { Position } from './position.js';
import { readFrameAt, segmentPath } from './segment.js';
import type { Segments } from './segments.js';

/** A request and where the next one begins. */
export interface SpooledRequest {
  readonly frame: Frame;
  readonly next: Position;
}

export interface ReadOptions {
  readonly from: Position;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Told of bytes that are not what was written; what can be read behind them is. */
  readonly onDamage: (position: Position) => void;
}

type Requests = AsyncGenerator<SpooledRequest, Position, undefined>;

/** Reads requests in the order in which they were accepted, and waits for more, until it is aborted. */
export async function* readSpool(spool: Segments, options: ReadOptions): Requests {
  let position = options.from;
  try {
    for (;;) {
      options.signal.throwIfAborted();
      position = yield* readSegment(spool, position, options);
      const next = spool.nextSegment(position.segment);
      if (next === undefined) await spool.waitBeyond(position, options.signal);
      else position = { segment: next, offset: 0 };
    }
  } catch (error) {
    if (options.signal.aborted) return position;
    throw error;
  }
}

/** Reads one segment until there is another behind it; returns where it ends. */
async function* readSegment(
  spool: Segments,
  from: Position,
  { signal, onDamage }: ReadOptions,
): Requests {
  const { segment } = from;
  if (spool.limitOf(segment) === undefined) return from;
  const damaged = async (offset: number): Promise<void> => {
    await keepDamaged(spool.folder, segment);
    onDamage({ segment, offset });
  };
  const file = await open(segmentPath(spool.folder, segment));
  try {
    let offset = Math.max(from.offset, HEADER_BYTES);
    for (;;) {
      const limit = spool.limitOf(segment) ?? 0;
      if (offset >= limit) {
        if (spool.nextSegment(segment) !== undefined) return { segment, offset };
        await spool.waitBeyond({ segment, offset }, signal);
        continue;
      }
      const found = await readRequest(file, offset, limit);
      if (found.frame === undefined) await damaged(offset);
      offset = found.next ?? limit;
      if (found.frame !== undefined) yield { frame: found.frame, next: { segment, offset } };
      signal.throwIfAborted();
    }
  } finally {
    await file.close();
  }
}

/** Keeps a segment that is damaged beside the others, where nothing removes it. */
async function keepDamaged(folder: string, segment: number): Promise<void> {
  const kept = join(folder, `${segment}.damaged`);
  await link(segmentPath(folder, segment), kept).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** No frame where the bytes are none, and no place behind them where that cannot be told. */
async function readRequest(
  file: FileHandle,
  offset: number,
  limit: number,
): Promise<{ readonly frame?: Frame; readonly next?: number | undefined }> {
  const found = await readFrameAt(file, offset, limit);
  if (found.kind === 'end') return {};
  if (found.kind === 'damaged') return { next: found.next };
  try {
    return { frame: decodePayload(found.payload), next: found.next };
  } catch {
    return { next: found.next };
  }
}
