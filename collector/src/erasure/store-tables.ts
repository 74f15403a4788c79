import type { ClickHouseClient } from '@clickhouse/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { selectRows } from '../store/client.js';
import { byOrder, conditionOf, ruleOf, type Scope } from './tables.js';

/** What the conditions of {@link conditionOf} refer to. */
export interface ConditionParams {
  readonly projectId: string;
  readonly erasureId: string;
  /** What arrived before goes. Milliseconds since 1970, as all of these. */
  readonly erasedAt: number;
  /** What began before goes, whenever it arrived. */
  readonly startedBefore: number;
  /** Records that belong nowhere go when they arrived before this. */
  readonly expiredBefore: number;
}

/** A table with the rows that go. */
export interface TableToErase {
  readonly table: string;
  readonly engine: string;
  readonly where: string;
}

/** Large stores take their time; headers with the progress keep the connection open. */
export const LONG_QUERY = {
  max_execution_time: 3_600,
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: '10000',
} as const;

const WITH_PROJECT = `SELECT table, engine, columns FROM
  (SELECT table, groupArray(name) AS columns FROM system.columns WHERE database = currentDatabase()
   GROUP BY table HAVING has(columns, 'project_id')) AS found
INNER JOIN (SELECT name, engine FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree') AS stored
ON stored.name = found.table`;

interface FoundTable {
  readonly table: string;
  readonly engine: string;
  readonly columns: readonly string[];
}

/** Every table that keeps rows of projects, as ClickHouse knows them. */
export async function findProjectTables(client: ClickHouseClient): Promise<readonly FoundTable[]> {
  return selectRows<FoundTable>(client, WITH_PROJECT, {});
}

/** The tables of which rows go, in the order in which they do. */
export async function tablesToErase(
  client: ClickHouseClient,
  scope: Scope,
): Promise<readonly TableToErase[]> {
  const tables = await findProjectTables(client);
  return tables
    .toSorted((a, b) => byOrder(a.table, b.table))
    .flatMap(({ table, engine, columns }) => {
      const where = conditionOf(ruleOf(table, new Set(columns)), scope);
      return where === undefined ? [] : [{ table, engine, where }];
    });
}

/** Rows that are there now, older versions and copies included. */
export async function countRows(
  client: ClickHouseClient,
  { table, where }: TableToErase,
  params: ConditionParams,
): Promise<number> {
  const result = await client.query({
    query: `SELECT count() AS rows FROM ${table} WHERE ${where}`,
    query_params: { ...params },
    format: 'JSONEachRow',
    clickhouse_settings: LONG_QUERY,
  });
  const [row] = await result.json<{ rows: string }>();
  return Number(row?.rows ?? 0);
}

const POLL_MS = 100;

interface Mutation {
  readonly mutation_id: string;
  readonly parts_to_do: string;
  readonly latest_fail_reason: string;
}

/** Those of this erasure that are under way, in this process or since one before. */
const UNDER_WAY = `SELECT mutation_id, parts_to_do, latest_fail_reason FROM system.mutations
WHERE database = currentDatabase() AND table = {table:String} AND NOT is_done AND position(command, {erasureId:String}) > 0`;

/**
 * Deletes rows so that nothing of them is left in any part that is read: parts are written anew. Waits
 * until that is done.
 *
 * @param onProgress - told how many parts are still to be written
 * @throws Error with what ClickHouse says, when it cannot
 */
export async function deleteRows(
  client: ClickHouseClient,
  { table, where }: Pick<TableToErase, 'table' | 'where'>,
  params: ConditionParams,
  { onProgress, signal }: { onProgress: (parts: number) => Promise<void>; signal: AbortSignal },
): Promise<void> {
  const underWay = (): Promise<readonly Mutation[]> =>
    selectRows<Mutation>(client, UNDER_WAY, { table, erasureId: params.erasureId });
  let waiting = await underWay();
  if (waiting.length === 0) {
    // The id stands in every command, so that it can be found again.
    await client.command({
      query: `ALTER TABLE ${table} DELETE WHERE {erasureId:String} != '' AND ${where} SETTINGS mutations_sync = 0`,
      query_params: { ...params },
    });
    waiting = await underWay();
  }
  for (; waiting.length > 0; waiting = await underWay()) {
    signal.throwIfAborted();
    const failed = waiting.find(({ latest_fail_reason }) => latest_fail_reason !== '');
    if (failed !== undefined) {
      const { mutation_id, latest_fail_reason } = failed;
      await client.command({
        query: `KILL MUTATION WHERE database = currentDatabase() AND table = {table:String} AND mutation_id = {id:String}`,
        query_params: { table, id: mutation_id },
      });
      throw new Error(
        `ClickHouse cannot delete from ${table}: ${latest_fail_reason.slice(0, 200)}`,
      );
    }
    await onProgress(waiting.reduce((sum, { parts_to_do }) => sum + Number(parts_to_do), 0));
    await sleep(POLL_MS);
  }
}

/** As the migrations set it. */
const DEDUPLICATION_WINDOW = 10_000;

/**
 * Has ClickHouse forget which blocks it was given: the same rows sent again would be taken for a retry
 * of what has been deleted, and dropped.
 */
export async function forgetInserts(
  client: ClickHouseClient,
  { table, engine }: Pick<TableToErase, 'table' | 'engine'>,
): Promise<void> {
  if (engine.startsWith('Replicated') || engine.startsWith('Shared')) return;
  for (const window of [0, DEDUPLICATION_WINDOW])
    await client.command({
      query: `ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = ${window}`,
    });
}

/** Parts that were put aside by a time and not removed yet: their files still hold what was deleted. */
export async function findResidue(
  client: ClickHouseClient,
  until: number,
): Promise<{ readonly parts: number; readonly bytes: number }> {
  const [row] = await selectRows<{ parts: string; bytes: string }>(
    client,
    `SELECT count() AS parts, sum(bytes_on_disk) AS bytes FROM system.parts
     WHERE database = currentDatabase() AND NOT active AND remove_time <= fromUnixTimestamp({until:Int64})
       AND table IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'project_id')`,
    { until: Math.ceil(until / 1_000) },
  );
  return { parts: Number(row?.parts ?? 0), bytes: Number(row?.bytes ?? 0) };
}
