import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { selectRows } from './client.js';
import { encodeConversation, type DerivedRow, type DerivedTable } from './encode-derived.js';
import { forgetProject } from './forget-project.js';
import type { Row } from './gen-ai-columns.js';
import { formatMillis } from './time.js';
import { insertRows } from './write-facts.js';

/** One thread after its rebuild. */
export interface RebuiltThread {
  readonly threadId: string;
  readonly conversation: Conversation | undefined;
  readonly version: bigint;
  readonly shelfOf: ReadonlyMap<string, string>;
  /** The version of what one trace alone says: which thread it belongs to. */
  readonly versionOfTrace: (traceId: string) => bigint;
}

/** The rows a thread has in the store: a digest of each, by table and key. */
type Written = ReadonlyMap<string, string>;

/** Rows that are remembered, over all threads: some 200 bytes each. */
const MAX_REMEMBERED_ROWS = 200_000;

/** Tables whose rows are taken back when the facts no longer give them, with the rest of their key. */
const KEYS = {
  derived_threads: [],
  derived_messages: ['message_id'],
  derived_generations: ['trace_id', 'span_id'],
} as const satisfies Partial<Record<DerivedTable, readonly string[]>>;

/** Writes what rebuilds give, and of a living thread only what is new since the last time. */
export class DerivedStore {
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  readonly #written = new LRUCache<string, Written>({
    maxSize: MAX_REMEMBERED_ROWS,
    sizeCalculation: (rows) => rows.size,
  });

  constructor(client: ClickHouseClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** To be called when rows of a project were erased. */
  forget(projectId: string): void {
    forgetProject(this.#written, projectId);
  }

  /** @throws what ClickHouse answers; the same threads may be written again */
  async write(projectId: string, threads: readonly RebuiltThread[]): Promise<void> {
    const rebuiltAt = formatMillis(this.#now());
    const before = await this.#recall(projectId, threads);
    const tables = new Map<string, Row[]>();
    const next = threads.map((thread) => {
      const { threadId } = thread;
      const rows = encodeThread(projectId, thread);
      const base = { project_id: projectId, thread_id: threadId };
      for (const { table, row } of changes(before.get(threadId) ?? NOTHING, rows, base)) {
        const stamp = table === 'derived_threads' ? { rebuilt_at: rebuiltAt } : {};
        const list = tables.get(table) ?? [];
        tables.set(table, list);
        const version =
          table === 'derived_traces'
            ? thread.versionOfTrace(String(row['trace_id']))
            : thread.version;
        list.push({ ...row, version: String(version), ...stamp });
      }
      return [threadId, digestsOf(rows)] as const;
    });
    try {
      await insertRows(this.#client, tables);
    } catch (error) {
      // Some tables may have taken their rows: what is there has to be read again.
      for (const [threadId] of next) this.#written.delete(`${projectId}/${threadId}`);
      throw error;
    }
    for (const [threadId, rows] of next) this.#remember(projectId, threadId, rows);
  }

  /** Most candidates are trace ids that turned out to be no thread: those take up no memory. */
  #remember(projectId: string, threadId: string, rows: Written): void {
    const key = `${projectId}/${threadId}`;
    if (rows.size > 0) this.#written.set(key, rows);
    else this.#written.delete(key);
  }

  async #recall(
    projectId: string,
    threads: readonly RebuiltThread[],
  ): Promise<ReadonlyMap<string, Written>> {
    const known = new Map<string, Written>();
    const unknown: string[] = [];
    for (const { threadId } of threads) {
      const rows = this.#written.get(`${projectId}/${threadId}`);
      if (rows === undefined) unknown.push(threadId);
      else known.set(threadId, rows);
    }
    const found = await this.#readExisting(projectId, unknown);
    return new Map([...known, ...found]);
  }

  /** Keys of the rows that an earlier process wrote; without their content, so they count as changed. */
  async #readExisting(
    projectId: string,
    threadIds: readonly string[],
  ): Promise<ReadonlyMap<string, Written>> {
    const found = new Map<string, Map<string, string>>();
    if (threadIds.length === 0) return found;
    await Promise.all(
      Object.entries(KEYS).map(async ([name, keys]) => {
        const table = name as keyof typeof KEYS;
        const rows = await selectRows<Row>(
          this.#client,
          `SELECT ${['project_id', 'thread_id', ...keys].join(', ')} FROM ${table} FINAL
           WHERE project_id = {projectId:String} AND thread_id IN {threadIds:Array(String)}`,
          { projectId, threadIds },
        );
        for (const row of rows) {
          const threadId = row['thread_id'] as string;
          const own = found.get(threadId) ?? new Map<string, string>();
          found.set(threadId, own);
          const key = keys.map((column) => String(row[column])).join('/');
          own.set(`${table}/${key}`, '');
        }
      }),
    );
    return found;
  }
}

const NOTHING: Written = new Map();

type Rows = ReadonlyMap<string, DerivedRow>;

const digestsOf = (rows: Rows): Written =>
  new Map([...rows].map(([key, { digest }]) => [key, digest]));

const encodeThread = (projectId: string, { conversation, shelfOf }: RebuiltThread): Rows =>
  conversation === undefined ? new Map() : encodeConversation(projectId, conversation, shelfOf);

interface Change {
  readonly table: DerivedTable;
  readonly row: Row;
}

/** Takes the row back that has this key; what says which thread a trace belongs to is only replaced. */
function tombstone(key: string, base: Row): Change | undefined {
  const [table = '', ...values] = key.split('/');
  if (!(table in KEYS)) return undefined;
  const columns = KEYS[table as keyof typeof KEYS];
  const place = Object.fromEntries(columns.map((column, index) => [column, values[index]]));
  return { table: table as keyof typeof KEYS, row: { ...base, ...place, is_deleted: 1 } };
}

/** Rows that are new or different, and tombstones for those that are no more. */
function changes(before: Written, after: Rows, base: Row): readonly Change[] {
  const changed = [...after.entries()]
    .filter(([key, { digest }]) => before.get(key) !== digest)
    .map(([, { table, encode }]) => ({ table, row: encode() }));
  const gone = [...before.keys()].filter((key) => !after.has(key));
  return [...changed, ...gone.flatMap((key) => tombstone(key, base) ?? [])];
}
