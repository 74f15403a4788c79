import type { Frame } from '../spool/frame.js';
import { comparePositions, type Position } from '../spool/position.js';
import { readSpool, type SpooledRequest } from '../spool/reader.js';
import type { SegmentSize } from '../spool/segment-mirror.js';
import type { Spool } from '../spool/spool.js';

export interface SuspectsOptions {
  readonly spool: Spool;
  /** The spool's reader that the thread is. */
  readonly reader: string;
  /** Keeps a request where it can be looked at, and counts it as refused. */
  readonly bury: (frame: Frame) => Promise<void>;
}

/** Losses at one place after which requests are looked at one by one. */
const MAX_LOSSES = 2;

/**
 * Finds the request that the ingest thread is lost of, again and again: one that takes more memory than there
 * is would hold up all behind it for good. The thread is given requests one by one then, and
 * the one that it is lost of alone becomes a dead letter.
 */
export class Suspects {
  readonly #options: SuspectsOptions;
  #lostAt: Position | undefined;
  #losses = 0;
  /** Up to where requests are given one by one; `undefined` where all are given. */
  #until: Position | undefined;
  #given: SpooledRequest | undefined;
  #isStored = false;

  constructor(options: SuspectsOptions) {
    this.#options = options;
  }

  /** Whether the thread is to be told of all that comes in. */
  get givesAll(): boolean {
    return this.#given === undefined;
  }

  /** How far the thread may read. */
  get sizes(): readonly SegmentSize[] {
    const { sizes } = this.#options.spool;
    if (this.#given === undefined) return sizes;
    const { segment, offset } = this.#given.next;
    return [...sizes.filter(([number]) => number < segment), [segment, offset]];
  }

  get #cursor(): Position {
    return this.#options.spool.cursor(this.#options.reader);
  }

  /** To be told that rows of the thread's request are stored: what it is lost of later is not the request. */
  stored(): void {
    this.#isStored = true;
  }

  /** To be told that the thread is lost, before another is started. */
  async lost(): Promise<void> {
    const { spool, reader, bury } = this.#options;
    const isSame = this.#lostAt !== undefined && comparePositions(this.#lostAt, this.#cursor) === 0;
    if (isSame && this.#given !== undefined && !this.#isStored) {
      await bury(this.#given.frame);
      await spool.commit(reader, this.#given.next);
    }
    this.#losses = isSame ? this.#losses + 1 : 1;
    this.#lostAt = this.#cursor;
    if (this.#losses >= MAX_LOSSES) this.#until ??= spool.end;
    await this.#giveNext();
  }

  /**
   * To be told that the thread needs less of the spool.
   * @returns what it may read now, where that has changed
   */
  async advanced(): Promise<readonly SegmentSize[]> {
    if (this.#given === undefined || comparePositions(this.#cursor, this.#given.next) < 0)
      return [];
    await this.#giveNext();
    return this.sizes;
  }

  async #giveNext(): Promise<void> {
    const isOver = this.#until === undefined || comparePositions(this.#cursor, this.#until) >= 0;
    this.#given = isOver ? undefined : await this.#readFirst();
    if (this.#given === undefined) this.#until = undefined;
    this.#isStored = false;
  }

  async #readFirst(): Promise<SpooledRequest | undefined> {
    const options = { from: this.#cursor, signal: new AbortController().signal };
    const requests = readSpool(this.#options.spool, { ...options, onDamage: () => undefined });
    try {
      const { value, done } = await requests.next();
      return done === true ? undefined : value;
    } finally {
      await requests.return(this.#cursor);
    }
  }
}
