import { ColloquyError } from '../errors.js';

interface Waiting<T> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions<T> {
  /** Writes several items at once; when it fails none of them is acknowledged. */
  readonly write: (items: readonly T[]) => Promise<void>;
  /** How much one write takes at the most, in the unit of `weight`. */
  readonly maxWeight: number;
  /** How much may wait; beyond that senders are told to come back. */
  readonly maxWaiting: number;
}

/**
 * Gathers what arrives while a write is under way and writes it together, so that many small
 * requests share the cost of one fsync. Nobody is answered before his item is stored.
 */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  #queue: Waiting<T>[] = [];
  #waiting = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
  }

  /**
   * Resolves once the item is written.
   * @throws ColloquyError `QUEUE_FULL` when too much is waiting; and what `write` throws
   */
  async add(item: T, weight: number): Promise<void> {
    if (this.#waiting > 0 && this.#waiting + weight > this.#options.maxWaiting) {
      throw new ColloquyError(
        'QUEUE_FULL',
        'Too much is waiting to be stored; send it again in a moment.',
      );
    }
    this.#waiting += weight;
    const written = new Promise<void>((resolve, reject) => {
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
    while (this.#queue.length > 0) await this.#writeNext();
    this.#running = undefined;
  }

  async #writeNext(): Promise<void> {
    const group = this.#takeGroup();
    try {
      await this.#options.write(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      for (const { weight } of group) this.#waiting -= weight;
    }
  }

  /** At least one item, however heavy. */
  #takeGroup(): readonly Waiting<T>[] {
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
