import type { ClickHouseClient } from '@clickhouse/client';
import { groupBy } from '../group-by.js';
import { selectByKeys } from '../store/client.js';
import type { ErasedTrace } from './judge-arrivals.js';
import { markTraces } from './marks.js';
import type { ErasureWorker } from './worker.js';

const STORED = `SELECT DISTINCT trace_id FROM
(SELECT trace_id FROM fact_spans WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
   AND start_time < fromUnixTimestamp64Milli({before:Int64})
 UNION ALL
 SELECT trace_id FROM fact_logs WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
   AND time < fromUnixTimestamp64Milli({before:Int64}))`;

/**
 * Marks traces that turn out to belong to something erased, and has erased what of them was stored
 * before that showed.
 */
export async function eraseLate(
  client: ClickHouseClient,
  worker: Pick<ErasureWorker, 'ask'>,
  projectId: string,
  traces: readonly ErasedTrace[],
): Promise<void> {
  await markTraces(client, projectId, traces);
  const groups = groupBy(traces, ({ userId, erasedAt }) => JSON.stringify([erasedAt, userId]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { erasedAt: before, userId } = first;
    const rows = await selectByKeys<{ trace_id: string }>(
      client,
      STORED,
      { projectId, before },
      group.map(({ traceKey }) => traceKey),
    );
    if (rows.length === 0) continue;
    const traceIds = rows.map(({ trace_id }) => trace_id);
    await worker.ask(projectId, { kind: 'late', traceIds, userId, startedBefore: before });
  }
}
