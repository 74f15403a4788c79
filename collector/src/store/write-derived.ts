import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { selectRows } from './client.js';
import { encodeConversation, type DerivedRow, type DerivedTable } from './encode-derived.js';
import type { Row } from './gen-ai-columns.js';
import { insertRows } from './write-facts.js';

/** One thread after its rebuild. */
export interface RebuiltThread {
  readonly threadId: string;
  readonly conversation: Conversation | undefined;
  readonly version: bigint;
  readonly shelfOf: ReadonlyMap<string, string>;
}

/** The rows a thread has in the store, by table and key; the value tells whether they changed. */
type Written = ReadonlyMap<string, DerivedRow>;

const MAX_REMEMBERED_THREADS = 2_000;

const EXISTING: Readonly<Record<DerivedTable, readonly string[]>> = {
  derived_threads: [],
  derived_messages: ['message_id'],
  derived_generations: ['trace_id', 'span_id'],
  derived_traces: [],
};

/** Writes what rebuilds give, and of a living thread only what is new since the last time. */
export class DerivedStore {
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  readonly #written = new LRUCache<string, Written>({ max: MAX_REMEMBERED_THREADS });

  constructor(client: ClickHouseClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** @throws what ClickHouse answers; the same threads may be written again */
  async write(projectId: string, threads: readonly RebuiltThread[]): Promise<void> {
    const rebuiltAt = new Date(this.#now()).toISOString().replace('T', ' ').replace('Z', '');
    const tables = new Map<string, Row[]>();
    const next: (readonly [string, Written])[] = [];
    for (const thread of threads) {
      const key = `${projectId}/${thread.threadId}`;
      const before =
        this.#written.get(key) ?? (await this.#readExisting(projectId, thread.threadId));
      const rows =
        thread.conversation === undefined
          ? new Map()
          : encodeConversation(projectId, thread.conversation, thread.shelfOf);
      for (const { table, row } of changes(before, rows)) {
        const list = tables.get(table) ?? [];
        tables.set(table, list);
        list.push({
          ...row,
          version: String(thread.version),
          ...(table === 'derived_threads' && { rebuilt_at: rebuiltAt }),
        });
      }
      next.push([key, rows]);
    }
    await insertRows(this.#client, tables);
    for (const [key, rows] of next) this.#written.set(key, rows);
  }

  /** Keys of the rows that an earlier process wrote; without their content, so they count as changed. */
  async #readExisting(projectId: string, threadId: string): Promise<Written> {
    const tables = ['derived_threads', 'derived_messages', 'derived_generations'] as const;
    const found = await Promise.all(
      tables.map(async (table) => {
        const keys = ['project_id', 'thread_id', ...EXISTING[table]];
        const rows = await selectRows<Row>(
          this.#client,
          `SELECT ${keys.join(', ')} FROM ${table} FINAL WHERE project_id = {projectId:String} AND thread_id = {threadId:String}`,
          { projectId, threadId },
        );
        return rows.map((row): readonly [string, DerivedRow] => [
          `${table}/${EXISTING[table].map((column) => String(row[column])).join('/')}`,
          { table, row, digest: '' },
        ]);
      }),
    );
    return new Map(found.flat());
  }
}

/** Rows that are new or different, and tombstones for those that are no more. */
function changes(
  before: Written,
  after: Written,
): readonly { readonly table: DerivedTable; readonly row: Row }[] {
  const changed = [...after]
    .filter(([key, { digest }]) => before.get(key)?.digest !== digest)
    .map(([, row]) => row);
  const gone = [...before].filter(
    ([key, { table }]) => !after.has(key) && table !== 'derived_traces',
  );
  return [
    ...changed.map(({ table, row }) => ({ table, row })),
    ...gone.map(([, { table, row }]) => ({ table, row: { ...row, is_deleted: 1 } })),
  ];
}
