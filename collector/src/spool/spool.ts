import { once, EventEmitter } from 'node:events';
import { mkdir, open, rm, stat, statfs, truncate, type FileHandle } from 'node:fs/promises';
import { ColloquyError } from '../errors.js';
import { Cursors } from './cursors.js';
import { encodeFrame, HEADER_BYTES, SEGMENT_HEADER, type Frame } from './frame.js';
import { lockFolder, type Lock } from './lock.js';
import { comparePositions, type Position } from './position.js';
import { findEnd, listSegments, segmentPath } from './segment.js';
import type { SegmentSize } from './segment-mirror.js';
import { numberAfter, type Segments } from './segments.js';

export interface SpoolOptions {
  /** Made if missing; one process at a time. */
  readonly folder: string;
  /** Bytes that may wait on disk; beyond that senders are told to come back. */
  readonly maxBytes: number;
  /** Bytes of the disk that are left free, for ClickHouse to take in what waits. */
  readonly reserveBytes: number;
  /** Bytes after which a new segment is begun; what has been read is removed by segments. */
  readonly segmentBytes?: number;
  /** Who reads it: each has its own position. */
  readonly readers: readonly string[];
}

const SEGMENT_BYTES = 64 * 1024 ** 2;

/** Bytes that may be in memory because the disk is slow; and in one write. */
const MAX_PENDING_BYTES = 96 * 1024 ** 2;
const MAX_WRITE_BYTES = 8 * 1024 ** 2;

/** A segment that is read through is removed before it is full: when it is larger than this, or in a while. */
const MAX_KEPT_BYTES = 4 * 1024 ** 2;
const MAX_KEPT_MS = 30_000;

/** How old the free space of the disk may be that is gone by. */
const FREE_SPACE_MS = 250;

interface Pending {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const diskFull = (cause?: unknown): ColloquyError =>
  new ColloquyError('DISK_FULL', 'The disk of the collector is full; send it again in a moment.', {
    cause,
  });

const unwritten = (cause: unknown): ColloquyError =>
  codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT'
    ? diskFull(cause)
    : new ColloquyError(
        'STORE_UNAVAILABLE',
        'The collector cannot write to its disk; send it again in a moment.',
        { cause },
      );

const laterOf = (a: Position, b: Position): Position => (comparePositions(a, b) < 0 ? b : a);

/** Writes all of the pieces; the system may take fewer bytes than it was given. */
async function writeAll(
  file: FileHandle,
  pieces: readonly Buffer[],
  position: number,
): Promise<void> {
  let offset = position;
  let left = pieces;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, offset);
    offset += bytesWritten;
    let passed = bytesWritten;
    const rest: Buffer[] = [];
    for (const piece of left) {
      if (passed < piece.length) rest.push(piece.subarray(passed));
      passed = Math.max(0, passed - piece.length);
    }
    left = rest;
  }
}

/**
 * Requests on disk until they are stored: what `append` has resolved for survives the loss of this
 * process and of power. What arrives while a write is under way is written together, so that many
 * requests share one fsync.
 */
export class Spool implements Segments {
  readonly #options: SpoolOptions;
  readonly #lock: Lock;
  readonly #cursors: Cursors;
  readonly #events = new EventEmitter<{ grown: [SegmentSize]; committed: [] }>().setMaxListeners(0);
  /** Bytes of each segment. */
  readonly #sizes: Map<number, number>;
  #file: FileHandle | undefined;
  #end: Position;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  /** One at a time: they write the same file. */
  #committing: Promise<void> = Promise.resolve();
  #retirement: NodeJS.Timeout | undefined;
  #freeBytes = Number.POSITIVE_INFINITY;
  #freeBytesAt = Number.NEGATIVE_INFINITY;

  private constructor(
    options: SpoolOptions,
    lock: Lock,
    cursors: Cursors,
    sizes: Map<number, number>,
  ) {
    this.#options = options;
    this.#lock = lock;
    this.#cursors = cursors;
    this.#sizes = sizes;
    const last = Math.max(0, ...sizes.keys());
    const end = { segment: last, offset: sizes.get(last) ?? 0 };
    // Numbers go on from where readers are, though all that they read is gone.
    this.#end = options.readers.map((name) => cursors.get(name)).reduce(laterOf, end);
  }

  /**
   * Opens the folder and cuts off what a lost process had begun to write.
   * @throws ColloquyError `STARTUP_FAILED` when another process has it
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder, readers } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(folder);
    const segments = await listSegments(folder);
    const sizes = new Map<number, number>();
    for (const segment of segments)
      sizes.set(segment, (await stat(segmentPath(folder, segment))).size);
    const last = segments.at(-1);
    if (last !== undefined) {
      const end = await findEnd(segmentPath(folder, last));
      await truncate(segmentPath(folder, last), end);
      sizes.set(last, end);
    }
    const start: Position = { segment: segments[0] ?? 0, offset: 0 };
    const cursors = await Cursors.open(
      folder,
      Object.fromEntries(readers.map((name) => [name, start])),
    );
    const spool = new Spool(options, lock, cursors, sizes);
    await spool.#removeRead();
    return spool;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Up to where requests are on disk for good. */
  get end(): Position {
    return this.#end;
  }

  /** Bytes on disk, those included that have been read and are not removed yet. */
  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** True when half of what may wait does. */
  get isCrowded(): boolean {
    return this.bytes > this.#options.maxBytes / 2;
  }

  /** Bytes that may be on disk. */
  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** Where a reader goes on. */
  cursor(reader: string): Position {
    return this.#cursors.get(reader);
  }

  /** The segments there are. */
  get sizes(): readonly SegmentSize[] {
    return [...this.#sizes];
  }

  limitOf(segment: number): number | undefined {
    return this.#sizes.get(segment);
  }

  nextSegment(segment: number): number | undefined {
    return numberAfter(this.#sizes.keys(), segment);
  }

  async waitBeyond(position: Position, signal: AbortSignal): Promise<void> {
    while (comparePositions(this.#end, position) <= 0)
      await once(this.#events, 'grown', { signal });
  }

  /**
   * Resolves once the request is on disk.
   * @throws ColloquyError `QUEUE_FULL`, `DISK_FULL` or `STORE_UNAVAILABLE`; nothing is kept then
   */
  async append(frame: Frame): Promise<void> {
    const pieces = encodeFrame(frame);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const waiting = this.#pendingBytes + bytes;
    const isTooMuch = this.bytes + waiting > this.#options.maxBytes;
    if (isTooMuch || (this.#pendingBytes > 0 && waiting > MAX_PENDING_BYTES)) {
      const message = 'Too much is waiting to be stored; send it again in a moment.';
      throw new ColloquyError('QUEUE_FULL', message);
    }
    this.#pendingBytes = waiting;
    const written = new Promise<void>((resolve, reject) => {
      this.#pending.push({ pieces, bytes, resolve, reject });
    });
    this.#writing ??= this.#writePending();
    return written;
  }

  /** Calls back whenever a segment has grown. */
  onGrown(listener: (size: SegmentSize) => void): void {
    this.#events.on('grown', listener);
  }

  /** Notes that a reader needs nothing before `position` any more. */
  async commit(reader: string, position: Position): Promise<void> {
    const before = this.#committing;
    const committed = this.#commitAfter(before, reader, position);
    this.#committing = committed.catch(() => undefined);
    await committed;
  }

  async #commitAfter(before: Promise<void>, reader: string, position: Position): Promise<void> {
    await before;
    await this.#cursors.set(reader, position);
    if (this.#end.offset > MAX_KEPT_BYTES) await this.#retire();
    else this.#retirement ??= setTimeout(() => void this.#retireQuietly(), MAX_KEPT_MS).unref();
    await this.#removeRead();
    this.#events.emit('committed');
  }

  /** Resolves once a reader has read all that is there now. @throws AbortError */
  async waitUntilRead(reader: string, signal: AbortSignal): Promise<void> {
    const end = this.#end;
    while (comparePositions(this.#cursors.get(reader), end) < 0)
      await once(this.#events, 'committed', { signal });
  }

  /** Writes what was given and lets the folder go; what is not read yet is read at the next start. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#committing;
    clearTimeout(this.#retirement);
    await this.#closeFile();
    await this.#removeRead();
    await this.#lock.release();
  }

  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#write(group);
        for (const { resolve } of group) resolve();
        this.#events.emit('grown', [this.#end.segment, this.#end.offset]);
      } catch (error) {
        for (const { reject } of group) reject(error);
      } finally {
        for (const { bytes } of group) this.#pendingBytes -= bytes;
      }
    }
    this.#writing = undefined;
  }

  /** At least one request, however large. */
  #takeGroup(): readonly Pending[] {
    let bytes = 0;
    const after = this.#pending.findIndex((pending, index) => {
      bytes += pending.bytes;
      return index > 0 && bytes > MAX_WRITE_BYTES;
    });
    return this.#pending.splice(0, after === -1 ? this.#pending.length : after);
  }

  async #write(group: readonly Pending[]): Promise<void> {
    const bytes = group.reduce((sum, pending) => sum + pending.bytes, 0);
    await this.#checkFreeSpace(bytes);
    const file = await this.#openFile();
    const { segment, offset } = this.#end;
    try {
      await writeAll(
        file,
        group.flatMap(({ pieces }) => pieces),
        offset,
      );
      await file.datasync();
    } catch (error) {
      await this.#abandonFile(file);
      throw unwritten(error);
    }
    this.#freeBytes -= bytes;
    this.#end = { segment, offset: offset + bytes };
    this.#sizes.set(segment, offset + bytes);
  }

  async #checkFreeSpace(bytes: number): Promise<void> {
    if (performance.now() - this.#freeBytesAt > FREE_SPACE_MS) {
      const { bavail, bsize } = await statfs(this.folder);
      this.#freeBytes = bavail * bsize;
      this.#freeBytesAt = performance.now();
    }
    if (this.#freeBytes - bytes < this.#options.reserveBytes) throw diskFull();
  }

  /** The file to append to; another one when the last is full. A new process begins with a new one. */
  async #openFile(): Promise<FileHandle> {
    const limit = this.#options.segmentBytes ?? SEGMENT_BYTES;
    if (this.#file !== undefined && this.#end.offset < limit) return this.#file;
    const segment = this.#end.segment + 1;
    let file: FileHandle | undefined;
    try {
      file = await open(segmentPath(this.folder, segment), 'w', 0o600);
      await writeAll(file, [SEGMENT_HEADER], 0);
      await this.#syncFolder();
    } catch (error) {
      await file?.close();
      await rm(segmentPath(this.folder, segment), { force: true });
      throw unwritten(error);
    }
    await this.#file?.close();
    this.#file = file;
    this.#sizes.set(segment, HEADER_BYTES);
    this.#end = { segment, offset: HEADER_BYTES };
    return file;
  }

  /**
   * After a write that failed nobody knows what of it is on disk: the file ends where it was good, and
   * the next write goes to another one.
   */
  async #abandonFile(file: FileHandle): Promise<void> {
    await file.truncate(this.#end.offset).catch(() => undefined);
    await file.close().catch(() => undefined);
    this.#file = undefined;
  }

  /** Ends the segment that is written when all of it has been read, so that it can go. */
  async #retire(): Promise<void> {
    const isReadThrough = comparePositions(this.#cursors.first, this.#end) >= 0;
    if (isReadThrough && this.#writing === undefined) await this.#closeFile();
  }

  async #retireQuietly(): Promise<void> {
    this.#retirement = undefined;
    await this.#retire();
    // What cannot be removed now is removed with a later one.
    await this.#removeRead().catch(() => undefined);
  }

  /** The next request begins another segment. */
  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Makes the new name in the folder last. */
  async #syncFolder(): Promise<void> {
    const handle = await open(this.folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async #removeRead(): Promise<void> {
    const { first } = this.#cursors;
    for (const [segment, size] of this.#sizes) {
      const isRead = segment < first.segment || (segment === first.segment && first.offset >= size);
      if (!isRead || (segment === this.#end.segment && this.#file !== undefined)) continue;
      await rm(segmentPath(this.folder, segment), { force: true });
      this.#sizes.delete(segment);
    }
  }
}
