import type { ClickHouseClient } from '@clickhouse/client';
import type { Rejection } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import type { Row } from './gen-ai-columns.js';
import { GroupCommit } from './group-commit.js';
import { refusalOf } from './refusal.js';
import { createShelfMemory } from './shelves.js';
import { formatMillis } from './time.js';
import {
  encodeFacts,
  insertRows,
  type CanonicalBatch,
  type FactRows,
  type TouchedTrace,
} from './write-facts.js';

/** Bytes of requests in one insert at the most, and bytes that may wait. */
const MAX_BYTES = 32 * 1024 ** 2;
const MAX_WAITING_BYTES = 192 * 1024 ** 2;

/** What a request costs whatever its size, so that empty ones are bounded too. */
const BYTES_PER_REQUEST = 1_024;

export interface FactStoreOptions {
  readonly client: ClickHouseClient;
  /** Told which traces changed, once that is stored. */
  readonly onStored: (touched: readonly TouchedTrace[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const countOf = ({ spans, logs }: CanonicalBatch): number => spans.length + logs.length;

const weightOf = ({ bytes }: CanonicalBatch): number => bytes + BYTES_PER_REQUEST;

/** A batch in two; spans before logs. */
function halve({ projectId, bytes, spans, logs }: CanonicalBatch): readonly CanonicalBatch[] {
  const middle = Math.ceil((spans.length + logs.length) / 2);
  const logMiddle = Math.max(0, middle - spans.length);
  return [
    { projectId, bytes, spans: spans.slice(0, middle), logs: logs.slice(0, logMiddle) },
    { projectId, bytes, spans: spans.slice(middle), logs: logs.slice(logMiddle) },
  ];
}

/** Writes facts; a batch is acknowledged when ClickHouse has it on disk. */
export class FactStore {
  readonly #options: FactStoreOptions;
  readonly #memory = createShelfMemory();
  readonly #commit: GroupCommit<CanonicalBatch, readonly Rejection[]>;

  constructor(options: FactStoreOptions) {
    this.#options = options;
    this.#commit = new GroupCommit({
      write: (batches) => this.#write(batches),
      maxWeight: MAX_BYTES,
      maxWaiting: MAX_WAITING_BYTES,
    });
  }

  /**
   * Stores a batch, but for the items that it returns: ClickHouse cannot read those.
   * @throws ColloquyError `QUEUE_FULL` or `STORE_UNAVAILABLE`; nothing is acknowledged then
   */
  async write(batch: CanonicalBatch): Promise<readonly Rejection[]> {
    return countOf(batch) === 0 ? [] : this.#commit.add(batch, weightOf(batch));
  }

  async drain(): Promise<void> {
    await this.#commit.drain();
  }

  /** One bad item fails an insert whole; then each batch is written alone, and that one by halves. */
  async #write(batches: readonly CanonicalBatch[]): Promise<readonly (readonly Rejection[])[]> {
    const refusal = await this.#insert(batches);
    if (refusal === undefined) return batches.map(() => []);
    const results: (readonly Rejection[])[] = [];
    for (const batch of batches) results.push(await this.#writeAlone(batch));
    return results;
  }

  async #writeAlone(batch: CanonicalBatch): Promise<readonly Rejection[]> {
    if (countOf(batch) === 0) return [];
    const refusal = await this.#insert([batch]);
    if (refusal === undefined) return [];
    if (countOf(batch) === 1) return [{ reason: `it cannot be stored: ${refusal}` }];
    const rejections: Rejection[] = [];
    for (const half of halve(batch)) rejections.push(...(await this.#writeAlone(half)));
    return rejections;
  }

  /**
   * Inserts all or nothing of use: what did get in is overwritten when it is sent again.
   * @returns why these rows can never be stored; `undefined` when they are
   */
  async #insert(batches: readonly CanonicalBatch[]): Promise<string | undefined> {
    const { client, now, onStored } = this.#options;
    const receivedAt = formatMillis(now());
    const encoded: FactRows[] = [];
    try {
      for (const batch of batches) encoded.push(encodeFacts(batch, receivedAt, this.#memory));
    } catch (error) {
      // No value should get here that cannot be encoded; if one does, it must not take others along.
      return error instanceof Error ? error.name : 'unknown error';
    }
    try {
      await insertRows(client, joinTables(encoded.map(({ tables }) => tables)));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) return refusal;
      const message = 'ClickHouse did not take the rows; send them again in a moment.';
      throw new ColloquyError('STORE_UNAVAILABLE', message, { cause: error });
    }
    for (const facts of encoded) facts.commit();
    onStored(encoded.flatMap(({ touched }) => touched));
    return undefined;
  }
}

function joinTables(
  parts: readonly ReadonlyMap<string, readonly Row[]>[],
): ReadonlyMap<string, readonly Row[]> {
  const tables = new Map<string, Row[]>();
  for (const [table, rows] of parts.flatMap((part) => [...part])) {
    const all = tables.get(table) ?? [];
    tables.set(table, all);
    for (const row of rows) all.push(row);
  }
  return tables;
}
