import { setTimeout as sleep } from 'node:timers/promises';
import { ColloquyError } from '../errors.js';

interface Waiting<T, R> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions<T, R> {
  /**
   * Writes several items at once and gives a result for each, in their order; when it throws none
   * of them is acknowledged.
   */
  readonly write: (items: readonly T[]) => Promise<readonly R[]>;
  /** How much one write takes at the most, in the unit of `weight`. */
  readonly maxWeight: number;
  /** How much may wait; beyond that senders are told to come back. */
  readonly maxWaiting: number;
  /** Milliseconds between writes at the least, unless there is enough for one already. */
  readonly intervalMs: number;
}

/**
 * Gathers what arrives while a write is under way and writes it together, so that many small
 * requests share the cost of one fsync. Nobody is answered before his item is stored.
 */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #queue: Waiting<T, R>[] = [];
  #waiting = 0;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /**
   * Resolves once the item is written, with what `write` gave for it.
   * @throws ColloquyError `QUEUE_FULL` when too much is waiting; and what `write` throws
   */
  async add(item: T, weight: number): Promise<R> {
    if (this.#waiting > 0 && this.#waiting + weight > this.#options.maxWaiting) {
      const message = 'Too much is waiting to be stored; send it again in a moment.';
      throw new ColloquyError('QUEUE_FULL', message);
    }
    this.#waiting += weight;
    const written = new Promise<R>((resolve, reject) => {
      this.#queue.push({ item, weight, resolve, reject });
    });
    this.#running ??= this.#run();
    return written;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { intervalMs, maxWeight } = this.#options;
    while (this.#queue.length > 0) {
      const early = this.#wroteAt + intervalMs - performance.now();
      if (early > 0 && this.#waiting < maxWeight) await sleep(early);
      await this.#writeNext();
      this.#wroteAt = performance.now();
    }
    this.#running = undefined;
  }

  async #writeNext(): Promise<void> {
    const group = this.#takeGroup();
    try {
      const results = await this.#options.write(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as R);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      for (const { weight } of group) this.#waiting -= weight;
    }
  }

  /** At least one item, however heavy. */
  #takeGroup(): readonly Waiting<T, R>[] {
    let weight = 0;
    let end = 0;
    for (const waiting of this.#queue) {
      weight += waiting.weight;
      if (end > 0 && weight > this.#options.maxWeight) break;
      end += 1;
    }
    const group = this.#queue.slice(0, end);
    this.#queue = this.#queue.slice(end);
    return group;
  }
}
