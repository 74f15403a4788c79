import type { ClickHouseClient } from '@clickhouse/client';

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

export interface ThreadPage {
  readonly places: readonly ThreadPlace[];
  /** Threads of the project, whatever the page. */
  readonly total: number;
}

const FOLLOWS =
  '(last_activity_at, thread_id) < (fromUnixTimestamp64Nano({lastNano:Int64}), {threadId:String})';

/**
 * Two narrow columns, so that sorting all threads of a project stays cheap. What does not follow is
 * sorted last and not left out: so one scan finds the page and counts the threads.
 */
const pageSql = (isFirst: boolean): string => `SELECT thread_id,
  toUnixTimestamp64Nano(last_activity_at) AS last_nano, ${isFirst ? 'true' : FOLLOWS} AS follows
FROM derived_threads FINAL
WHERE project_id = {projectId:String}
ORDER BY follows DESC, last_activity_at DESC, thread_id DESC
LIMIT {limit:UInt32}
SETTINGS exact_rows_before_limit = 1`;

interface PlaceRow {
  readonly thread_id: string;
  readonly last_nano: string;
  readonly follows: boolean;
}

/** Which threads come next, newest activity first; among equal times by id, so that none is met twice. */
export async function findThreadPage(
  client: ClickHouseClient,
  { projectId, after, limit }: FindThreadPage,
): Promise<ThreadPage> {
  const result = await client.query({
    query: pageSql(after === undefined),
    query_params: {
      projectId,
      limit,
      ...(after && { threadId: after.threadId, lastNano: String(after.lastActivityAt) }),
    },
    format: 'JSON',
  });
  const { data, rows, rows_before_limit_at_least: total } = await result.json<PlaceRow>();
  return {
    places: data
      .filter(({ follows }) => follows)
      .map((row) => ({ threadId: row.thread_id, lastActivityAt: BigInt(row.last_nano) })),
    total: Number(total ?? rows),
  };
}
