import type { ClickHouseClient } from '@clickhouse/client';
import type { ErasedTable, ErasureCounts } from '@colloquy/schema';
import type { Plan } from './plan.js';
import { countRows, LONG_QUERY, type ConditionParams, type TableToErase } from './store-tables.js';
import { conditionOf, TABLES, type Scope } from './tables.js';

const whereOf = (table: string, scope: Scope): string =>
  conditionOf(TABLES[table] ?? {}, scope) ?? 'FALSE';

const targets = (kind: string): string =>
  `(SELECT uniqExact(key) FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind = '${kind}')`;

function countsSql(scope: Scope): string {
  const [spans, logs] = [whereOf('fact_spans', scope), whereOf('fact_logs', scope)];
  const isProject = scope.kind === 'project';
  const threads = isProject
    ? `(SELECT uniqExact(thread_id) FROM derived_threads FINAL WHERE ${whereOf('derived_threads', scope)})`
    : targets('thread');
  const contents = isProject
    ? `(SELECT uniqExact(content_hash) FROM fact_contents WHERE ${whereOf('fact_contents', scope)})`
    : targets('gone_content');
  return `SELECT ${threads} AS threads,
    (SELECT uniqExact(trace_id) FROM (SELECT trace_id FROM fact_spans WHERE ${spans}
      UNION DISTINCT SELECT trace_id FROM fact_logs WHERE ${logs}) WHERE trace_id != '') AS traces,
    (SELECT uniqExact(trace_id, span_id) FROM fact_spans WHERE ${spans}) AS spans,
    (SELECT uniqExact(trace_id, record_id) FROM fact_logs WHERE ${logs}) AS logs,
    ${contents} AS contents,
    ${isProject ? '0' : `${targets('content')} - ${targets('gone_content')}`} AS contents_kept`;
}

/** What goes, in numbers that mean something to those who asked. */
export async function countErased(
  client: ClickHouseClient,
  scope: Scope,
  params: ConditionParams,
  { namedElsewhere, sharedThreads }: Pick<Plan, 'namedElsewhere' | 'sharedThreads'>,
): Promise<ErasureCounts> {
  const result = await client.query({
    query: countsSql(scope),
    query_params: { ...params },
    format: 'JSONEachRow',
    clickhouse_settings: LONG_QUERY,
  });
  const [row = {}] = await result.json<Readonly<Record<string, string>>>();
  const countOf = (name: string): number => Number(row[name] ?? 0);
  return {
    threads: countOf('threads'),
    traces: countOf('traces'),
    spans: countOf('spans'),
    logs: countOf('logs'),
    contents: countOf('contents'),
    contents_kept: countOf('contents_kept'),
    traces_named_elsewhere: namedElsewhere,
    shared_threads: sharedThreads.length,
  };
}

/** Rows of each table as they lie there now. */
export async function countTables(
  client: ClickHouseClient,
  tables: readonly TableToErase[],
  params: ConditionParams,
): Promise<readonly ErasedTable[]> {
  return Promise.all(
    tables.map(async (one) => {
      const rows = await countRows(client, one, params);
      return { table: one.table, before: rows, deleted: 0, left: rows };
    }),
  );
}
