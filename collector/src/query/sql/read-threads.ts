import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';
import type { ThreadSummary } from '../../thread-summary.js';

const THREADS = `SELECT thread_id, title,
  toUnixTimestamp64Nano(first_activity_at) AS first_nano,
  toUnixTimestamp64Nano(last_activity_at) AS last_nano,
  message_count, turn_count, trace_count, generation_count, error_count,
  services, models, user_ids, tags, inferred, input_tokens, output_tokens, cost_usd
FROM derived_threads FINAL
PREWHERE project_id = {projectId:String} AND thread_id IN {threadIds:Array(String)}`;

interface ThreadRow {
  readonly thread_id: string;
  readonly title: string;
  readonly first_nano: string;
  readonly last_nano: string;
  readonly message_count: number;
  readonly turn_count: number;
  readonly trace_count: number;
  readonly generation_count: number;
  readonly error_count: number;
  readonly services: readonly string[];
  readonly models: readonly string[];
  readonly user_ids: readonly string[];
  readonly tags: readonly string[];
  readonly inferred: boolean;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cost_usd: number | null;
}

const decode = (row: ThreadRow): ThreadSummary => ({
  threadId: row.thread_id,
  title: row.title,
  firstActivityAt: BigInt(row.first_nano),
  lastActivityAt: BigInt(row.last_nano),
  messageCount: row.message_count,
  turnCount: row.turn_count,
  traceCount: row.trace_count,
  generationCount: row.generation_count,
  errorCount: row.error_count,
  services: row.services,
  models: row.models,
  userIds: row.user_ids,
  tags: row.tags,
  isInferred: row.inferred,
  inputTokens: Number(row.input_tokens),
  outputTokens: Number(row.output_tokens),
  costUsd: row.cost_usd ?? undefined,
});

/** What lists tell of these threads, in the order of the ids; one that is gone is left out. */
export async function readThreads(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
): Promise<readonly ThreadSummary[]> {
  if (threadIds.length === 0) return [];
  const rows = await selectRows<ThreadRow>(client, THREADS, { projectId, threadIds });
  const byId = new Map(rows.map((row) => [row.thread_id, decode(row)]));
  return threadIds.flatMap((threadId) => byId.get(threadId) ?? []);
}
