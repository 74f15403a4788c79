import type { ClickHouseClient } from '@clickhouse/client';
import type { ErasedTable } from '@colloquy/schema';
import { selectRows } from '../store/client.js';
import type { TouchedTrace } from '../store/write-facts.js';
import {
  countRows,
  deleteRows,
  forgetInserts,
  LONG_QUERY,
  type ConditionParams,
  type TableToErase,
} from './store-tables.js';
import { isRebuilt } from './tables.js';

export interface RoundOptions {
  readonly client: ClickHouseClient;
  readonly params: ConditionParams;
  readonly signal: AbortSignal;
  /** Told what is under way. */
  readonly onStep: (step: string) => Promise<void>;
}

/** Deletes from these tables what is there. ClickHouse itself bounds how much it does at once. */
export async function eraseTables(
  { client, params, signal, onStep }: RoundOptions,
  tables: readonly TableToErase[],
): Promise<void> {
  await Promise.all(
    tables.map(async (one) => {
      signal.throwIfAborted();
      if ((await countRows(client, one, params)) === 0) return;
      await onStep(`deleting from ${one.table}`);
      const onProgress = (parts: number): Promise<void> =>
        onStep(`deleting from ${one.table}, ${parts} parts to go`);
      await deleteRows(client, one, params, { onProgress, signal });
      await forgetInserts(client, one);
    }),
  );
}

/** Counts again what was counted before it was deleted. */
export async function countLeft(
  { client, params }: Pick<RoundOptions, 'client' | 'params'>,
  tables: readonly TableToErase[],
  before: readonly ErasedTable[],
): Promise<readonly ErasedTable[]> {
  const known = new Map(before.map((one) => [one.table, one]));
  return Promise.all(
    tables.map(async (one) => {
      const left = await countRows(client, one, params);
      const rows = Math.max(known.get(one.table)?.before ?? 0, left);
      return { table: one.table, before: rows, deleted: rows - left, left };
    }),
  );
}

/** Rows that rebuilds write, and all others. */
export const splitTables = (
  tables: readonly TableToErase[],
): { readonly facts: readonly TableToErase[]; readonly rebuilt: readonly TableToErase[] } => ({
  facts: tables.filter(({ table }) => !isRebuilt(table)),
  rebuilt: tables.filter(({ table }) => isRebuilt(table)),
});

/** Keys to an erased project open nothing any more. Their rows stay: without any, nobody is asked for a key. */
export async function revokeKeys(
  client: ClickHouseClient,
  { projectId }: ConditionParams,
): Promise<void> {
  const query_params = { projectId };
  await client.command({
    query: `INSERT INTO access_keys SELECT * REPLACE ('' AS name, coalesce(revoked_at, now64(3)) AS revoked_at, 2 AS version)
      FROM (SELECT * FROM access_keys FINAL WHERE project_id = {projectId:String} AND (version < 2 OR name != ''))`,
    query_params,
  });
  await client.command({
    query: `ALTER TABLE access_keys DELETE WHERE project_id = {projectId:String} AND (version < 2 OR name != '') SETTINGS mutations_sync = 2`,
    query_params,
  });
}

const TOUCHED = `(SELECT key FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind IN ('trace', 'part'))`;

/** What is left of a trace keeps the threads that it names. */
export async function restoreRemains(
  client: ClickHouseClient,
  params: ConditionParams,
  isProject: boolean,
): Promise<void> {
  const own = `project_id = {projectId:String}${isProject ? '' : ` AND trace_id IN ${TOUCHED}`}`;
  const statements = ['fact_spans', 'fact_logs'].map(
    (table) => `INSERT INTO fact_thread_candidates (project_id, thread_id, trace_id, received_at)
       SELECT project_id, arrayJoin(arrayConcat([trace_id], \`thread_candidates.thread_id\`)) AS thread_id, trace_id, max(received_at)
       FROM ${table} WHERE ${own} AND trace_id != '' GROUP BY project_id, thread_id, trace_id`,
  );
  for (const query of statements)
    await client.command({ query, query_params: { ...params }, clickhouse_settings: LONG_QUERY });
}

/** Traces of threads that have changed, and of what came in meanwhile: their threads are rebuilt. */
export async function findTouched(
  client: ClickHouseClient,
  { projectId, erasureId }: ConditionParams,
  isProject: boolean,
): Promise<readonly TouchedTrace[]> {
  const keys = `(SELECT key FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind IN ('thread', 'changed_thread', 'changed_trace', 'part', 'trace'))`;
  const own = isProject ? '' : ` AND (thread_id IN ${keys} OR trace_id IN ${keys})`;
  const rows = await selectRows<{ trace_id: string }>(
    client,
    `SELECT DISTINCT trace_id FROM fact_thread_candidates WHERE project_id = {projectId:String}${own}`,
    { projectId, erasureId },
  );
  return rows.map(({ trace_id }) => ({ projectId, traceId: trace_id }));
}
