import type { ClickHouseClient } from '@clickhouse/client';
import type { RefusedItem } from '../consumer.js';
import { ColloquyError } from '../errors.js';
import { traced } from '../own-traces/traced.js';
import type { Admission, ArrivalGuard } from './arrival-guard.js';
import { forgetProject } from './forget-project.js';
import { GroupCommit } from './group-commit.js';
import { refusalOf } from './refusal.js';
import { createShelfMemory } from './shelves.js';
import { formatMillis } from './time.js';
import {
  encodeBatches,
  insertRows,
  type CanonicalBatch,
  type FactRows,
  type NewMessages,
  type TouchedTrace,
} from './write-facts.js';

/** Bytes of requests in one insert at the most, and bytes that may wait. */
const MAX_BYTES = 32 * 1024 ** 2;
const MAX_WAITING_BYTES = 192 * 1024 ** 2;

/** What a request costs whatever its size, so that empty ones are bounded too. */
const BYTES_PER_REQUEST = 1_024;

export interface FactStoreOptions {
  readonly client: ClickHouseClient;
  /** Told which traces changed and what messages are new, once that is stored. */
  readonly onStored: (touched: readonly TouchedTrace[], messages: NewMessages) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds between inserts at the least, in which batches gather; none unless given. */
  readonly intervalMs?: number;
  /** Keeps out what was erased; nothing unless given. */
  readonly guard?: ArrivalGuard | undefined;
}

const countOf = ({ spans, logs }: CanonicalBatch): number => spans.length + logs.length;

const weightOf = ({ bytes }: CanonicalBatch): number => bytes + BYTES_PER_REQUEST;

/** A batch in two; spans before logs. */
function halve({ spans, logs, ...batch }: CanonicalBatch): readonly CanonicalBatch[] {
  const middle = Math.ceil((spans.length + logs.length) / 2);
  const logMiddle = Math.max(0, middle - spans.length);
  return [
    { ...batch, spans: spans.slice(0, middle), logs: logs.slice(0, logMiddle) },
    { ...batch, spans: spans.slice(middle), logs: logs.slice(logMiddle) },
  ];
}

const refuse = ({ spans, logs }: CanonicalBatch, reason: string): readonly RefusedItem[] =>
  [...spans.map(({ span }) => span), ...logs.map(({ log }) => log)].map((item) => ({
    item,
    reason,
  }));

/** Writes facts; a batch is acknowledged when ClickHouse has it on disk. */
export class FactStore {
  readonly #options: FactStoreOptions;
  readonly #memory = createShelfMemory();
  readonly #commit: GroupCommit<CanonicalBatch, readonly RefusedItem[]>;

  constructor(options: FactStoreOptions) {
    this.#options = options;
    this.#commit = new GroupCommit({
      write: (batches) => this.#write(batches),
      maxWeight: MAX_BYTES,
      maxWaiting: MAX_WAITING_BYTES,
      intervalMs: options.intervalMs ?? 0,
    });
  }

  /**
   * Stores a batch, but for the items that it returns: ClickHouse cannot read those.
   * @throws ColloquyError `QUEUE_FULL` or `STORE_UNAVAILABLE`; nothing is acknowledged then
   */
  async write(batch: CanonicalBatch): Promise<readonly RefusedItem[]> {
    return countOf(batch) === 0 ? [] : this.#commit.add(batch, weightOf(batch));
  }

  async drain(): Promise<void> {
    await this.#commit.drain();
  }

  /** One bad item fails an insert whole; then each batch is written alone, and that one by halves. */
  async #write(batches: readonly CanonicalBatch[]): Promise<readonly (readonly RefusedItem[])[]> {
    const refusal = await this.#insert(batches);
    if (refusal === undefined) return batches.map(() => []);
    const results: (readonly RefusedItem[])[] = [];
    for (const batch of batches) results.push(await this.#writeAlone(batch));
    return results;
  }

  async #writeAlone(batch: CanonicalBatch): Promise<readonly RefusedItem[]> {
    if (countOf(batch) === 0) return [];
    const refusal = await this.#insert([batch]);
    if (refusal === undefined) return [];
    if (countOf(batch) === 1) return refuse(batch, `it cannot be stored: ${refusal}`);
    const refused: RefusedItem[] = [];
    for (const half of halve(batch)) refused.push(...(await this.#writeAlone(half)));
    return refused;
  }

  /**
   * Inserts all or nothing of use: what did get in is overwritten when it is sent again.
   * @returns why these rows can never be stored; `undefined` when they are
   */
  async #insert(batches: readonly CanonicalBatch[]): Promise<string | undefined> {
    const admission = await reach(() => this.#admit(batches));
    return this.#insertAdmitted(admission.batches, async () => {
      const erased = await reach(() => admission.confirm());
      return erased.size === 0;
    });
  }

  /** What is erased may have taken contents along that are remembered as stored. */
  async #admit(batches: readonly CanonicalBatch[]): Promise<Admission> {
    const admission = await this.#options.guard?.admit(batches);
    for (const projectId of admission?.erased ?? []) forgetProject(this.#memory, projectId);
    return admission ?? { batches, erased: new Set(), confirm: async () => new Set() };
  }

  /** @param confirm - tells once the rows are stored whether that may be remembered */
  async #insertAdmitted(
    batches: readonly CanonicalBatch[],
    confirm: () => Promise<boolean>,
  ): Promise<string | undefined> {
    const { client, now, onStored } = this.#options;
    let facts: FactRows;
    try {
      const stamped = batches.map((batch) => ({
        batch,
        receivedAt: formatMillis(batch.receivedAt ?? now()),
      }));
      facts = encodeBatches(stamped, this.#memory);
    } catch (error) {
      // No value should get here that cannot be encoded; if one does, it must not take others along.
      return error instanceof Error ? error.name : 'unknown error';
    }
    try {
      await traced('insert facts', { 'colloquy.requests': batches.length }, () =>
        insertRows(client, facts.tables),
      );
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) return refusal;
      throw unavailable(error);
    }
    const mayRemember = await confirm();
    if (mayRemember) facts.commit();
    onStored(facts.touched, mayRemember ? facts.messages : new Map());
    return undefined;
  }
}

const unavailable = (cause: unknown): ColloquyError =>
  new ColloquyError(
    'STORE_UNAVAILABLE',
    'ClickHouse did not take the rows; send them again in a moment.',
    { cause },
  );

async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}
