import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError } from '../errors.js';
import { GroupCommit } from './group-commit.js';
import type { Row } from './gen-ai-columns.js';
import { createShelfMemory } from './shelves.js';
import { encodeFacts, insertRows, type CanonicalBatch, type TouchedTrace } from './write-facts.js';

/** Rows in one insert at the most, and rows that may wait. */
const MAX_ROWS = 10_000;
const MAX_WAITING_ROWS = 50_000;

export interface FactStoreOptions {
  readonly client: ClickHouseClient;
  /** Told which traces changed, once that is stored. */
  readonly onStored: (touched: readonly TouchedTrace[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A connection that failed is worth another try; a statement that ClickHouse refused may not be. */
function asStoreError(error: unknown): ColloquyError {
  return new ColloquyError(
    'STORE_UNAVAILABLE',
    'ClickHouse did not take the rows; send them again in a moment.',
    { cause: error },
  );
}

const weightOf = ({ spans, logs }: CanonicalBatch): number => spans.length + logs.length;

/** Writes facts; a batch is acknowledged when ClickHouse has it on disk. */
export class FactStore {
  readonly #options: FactStoreOptions;
  readonly #memory = createShelfMemory();
  readonly #commit: GroupCommit<CanonicalBatch>;

  constructor(options: FactStoreOptions) {
    this.#options = options;
    this.#commit = new GroupCommit({
      write: (batches) => this.#write(batches),
      maxWeight: MAX_ROWS,
      maxWaiting: MAX_WAITING_ROWS,
    });
  }

  /** @throws ColloquyError `QUEUE_FULL` or `STORE_UNAVAILABLE`; nothing is acknowledged then */
  async write(batch: CanonicalBatch): Promise<void> {
    if (weightOf(batch) > 0) await this.#commit.add(batch, weightOf(batch));
  }

  async drain(): Promise<void> {
    await this.#commit.drain();
  }

  async #write(batches: readonly CanonicalBatch[]): Promise<void> {
    const receivedAt = new Date(this.#options.now())
      .toISOString()
      .replace('T', ' ')
      .replace('Z', '');
    const encoded = batches.map((batch) => encodeFacts(batch, receivedAt, this.#memory));
    const tables = new Map<string, Row[]>();
    for (const { tables: own } of encoded) {
      for (const [table, rows] of own) {
        const all = tables.get(table) ?? [];
        tables.set(table, all);
        for (const row of rows) all.push(row);
      }
    }
    try {
      await insertRows(this.#options.client, tables);
    } catch (error) {
      throw asStoreError(error);
    }
    for (const facts of encoded) facts.commit();
    this.#options.onStored(encoded.flatMap(({ touched }) => touched));
  }
}
