import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../store/client.js';
import { insertRows } from '../store/write-facts.js';
import type { ConditionParams } from './store-tables.js';
import { LONG_QUERY } from './store-tables.js';
import { conditionOf, TABLES, type Scope, type TargetKind } from './tables.js';

/** Keys by kind. */
export type Targets = ReadonlyMap<TargetKind, ReadonlySet<string>>;

const BATCH = 10_000;

/** Notes what an erasure has found; noting it again does no harm. */
export async function writeTargets(
  client: ClickHouseClient,
  { projectId, erasureId }: Pick<ConditionParams, 'projectId' | 'erasureId'>,
  targets: Targets,
): Promise<void> {
  for (const [kind, keys] of targets) {
    const all = [...keys];
    for (let first = 0; first < all.length; first += BATCH) {
      const rows = all.slice(first, first + BATCH).map((key) => ({
        project_id: projectId,
        erasure_id: erasureId,
        kind,
        key,
      }));
      await insertRows(client, new Map([['erasure_targets', rows]]));
    }
  }
}

/** The kinds of which an erasure has found something. */
export async function readScope(
  client: ClickHouseClient,
  kind: Scope['kind'],
  erasureId: string,
): Promise<Scope> {
  const rows = await selectRows<{ kind: TargetKind }>(
    client,
    'SELECT DISTINCT kind FROM erasure_targets WHERE erasure_id = {erasureId:UUID}',
    { erasureId },
  );
  return { kind, found: new Set(rows.map((row) => row.kind)) };
}

/** Keys of some kinds, each once. */
export async function readKeys(
  client: ClickHouseClient,
  erasureId: string,
  kinds: readonly TargetKind[],
): Promise<readonly string[]> {
  const rows = await selectRows<{ key: string }>(
    client,
    `SELECT DISTINCT key FROM erasure_targets
     WHERE erasure_id = {erasureId:UUID} AND kind IN {kinds:Array(String)}`,
    { erasureId, kinds },
  );
  return rows.map(({ key }) => key);
}

/** Takes back what was noted, at once and whole. */
export async function dropTargets(client: ClickHouseClient, erasureId: string): Promise<void> {
  await client.command({ query: `ALTER TABLE erasure_targets DROP PARTITION '${erasureId}'` });
}

/** A count that nobody acted on, or a process that ended, leaves its notes behind. */
const FORGOTTEN_AFTER_S = 3_600;

/** Drops the notes of erasures that are not under way. */
export async function dropForgottenTargets(client: ClickHouseClient): Promise<void> {
  const rows = await selectRows<{ id: string }>(
    client,
    `SELECT toString(erasure_id) AS id FROM erasure_targets
     WHERE erasure_id NOT IN (SELECT erasure_id FROM erasures FINAL WHERE state != 'done')
     GROUP BY erasure_id HAVING max(created_at) < now() - {seconds:UInt32}`,
    { seconds: FORGOTTEN_AFTER_S },
  );
  for (const { id } of rows) await dropTargets(client, id);
}

const run = (client: ClickHouseClient, query: string, params: ConditionParams): Promise<unknown> =>
  client.command({ query, query_params: { ...params }, clickhouse_settings: LONG_QUERY });

const FACTS = ['fact_spans', 'fact_logs'] as const;

const MESSAGES = 'arrayConcat(system_hashes, input_hashes, output_hashes)';

const own = (kind: TargetKind): string =>
  `(SELECT key FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind = '${kind}')`;

const note = (kind: TargetKind, select: string): string =>
  `INSERT INTO erasure_targets (project_id, erasure_id, kind, key)
   SELECT {projectId:String}, {erasureId:UUID}, '${kind}', toString(hash) FROM (${select})`;

/** Notes the contents and histories that the facts to be erased refer to. */
export async function noteContents(
  client: ClickHouseClient,
  scope: Scope,
  params: ConditionParams,
): Promise<void> {
  const facts = FACTS.flatMap((table) => {
    const where = conditionOf(TABLES[table] ?? {}, scope);
    return where === undefined ? [] : [{ table, where }];
  });
  for (const { table, where } of facts) {
    await run(
      client,
      note('piece', `SELECT DISTINCT arrayJoin(input_pieces) AS hash FROM ${table} WHERE ${where}`),
      params,
    );
    await run(
      client,
      note(
        'content',
        `SELECT DISTINCT arrayJoin(${MESSAGES}) AS hash FROM ${table} WHERE ${where}`,
      ),
      params,
    );
  }
  await run(
    client,
    note(
      'content',
      `SELECT DISTINCT arrayJoin(content_hashes) AS hash FROM fact_histories
       WHERE project_id = {projectId:String} AND toString(piece_hash) IN ${own('piece')}`,
    ),
    params,
  );
}

/** Facts of the project that an erasure leaves as they are. */
function remaining(scope: Scope, column: string): string {
  const selects = FACTS.map((table) => {
    const where = conditionOf(TABLES[table] ?? {}, scope);
    const others = where === undefined ? '' : ` AND NOT (${where})`;
    return `SELECT arrayJoin(${column}) AS hash FROM ${table} WHERE project_id = {projectId:String}${others}`;
  });
  return selects.join(' UNION DISTINCT ');
}

const noted = (kind: TargetKind): string =>
  `SELECT DISTINCT key AS hash FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind = '${kind}'`;

/** Pieces, and contents, that remaining facts refer to. */
const referred = (scope: Scope): { readonly pieces: string; readonly contents: string } => ({
  pieces: `(SELECT toString(hash) FROM (${remaining(scope, 'input_pieces')}))`,
  contents: `(SELECT toString(hash) FROM (${remaining(scope, MESSAGES)} UNION DISTINCT
    SELECT arrayJoin(content_hashes) AS hash FROM fact_histories
    WHERE project_id = {projectId:String} AND piece_hash IN (${remaining(scope, 'input_pieces')})))`,
});

/** Notes which of those contents and histories nobody else refers to. */
export async function noteUnshared(
  client: ClickHouseClient,
  scope: Scope,
  params: ConditionParams,
): Promise<void> {
  const { pieces, contents } = referred(scope);
  await run(client, note('gone_piece', `${noted('piece')} AND key NOT IN ${pieces}`), params);
  await run(client, note('gone_content', `${noted('content')} AND key NOT IN ${contents}`), params);
}

/** Notes which of them somebody refers to now: what has come since may have said the same. */
export async function noteReferred(
  client: ClickHouseClient,
  scope: Scope,
  params: ConditionParams,
): Promise<void> {
  const { pieces, contents } = referred(scope);
  await run(client, note('kept_piece', `${noted('gone_piece')} AND key IN ${pieces}`), params);
  await run(
    client,
    note('kept_content', `${noted('gone_content')} AND key IN ${contents}`),
    params,
  );
}
