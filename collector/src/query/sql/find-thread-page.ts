import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';

/** Where a page ends: the last thread on it. */
export interface ThreadPlace {
  readonly threadId: string;
  readonly lastActivityAt: bigint;
}

export interface FindThreadPage {
  readonly projectId: string;
  /** The thread that the page follows. */
  readonly after: ThreadPlace | undefined;
  readonly limit: number;
}

/** Two narrow columns, so that sorting all threads of a project stays cheap. */
const pageSql = (isFirst: boolean): string => `SELECT thread_id,
  toUnixTimestamp64Nano(last_activity_at) AS last_nano
FROM derived_threads FINAL
WHERE project_id = {projectId:String}${
  isFirst
    ? ''
    : `
  AND (last_activity_at, thread_id) < (fromUnixTimestamp64Nano({lastNano:Int64}), {threadId:String})`
}
ORDER BY last_activity_at DESC, thread_id DESC
LIMIT {limit:UInt32}`;

/** Which threads come next, newest activity first; among equal times by id, so that none is met twice. */
export async function findThreadPage(
  client: ClickHouseClient,
  { projectId, after, limit }: FindThreadPage,
): Promise<readonly ThreadPlace[]> {
  const rows = await selectRows<{ thread_id: string; last_nano: string }>(
    client,
    pageSql(after === undefined),
    {
      projectId,
      limit,
      ...(after && { threadId: after.threadId, lastNano: String(after.lastActivityAt) }),
    },
  );
  return rows.map((row) => ({
    threadId: row.thread_id,
    lastActivityAt: BigInt(row.last_nano),
  }));
}
