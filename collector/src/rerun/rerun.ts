import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalLog, CanonicalSpan } from '@colloquy/schema';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { findTraceIds } from '../store/read-facts.js';
import { readStoredLogs, readStoredSpans, type StoredPage } from '../store/read-telemetry.js';
import { isUnchanged, rewriteFacts, type Restated } from '../store/rewrite-facts.js';
import { formatMillis } from '../store/time.js';
import type { TouchedTrace } from '../store/write-facts.js';

export interface RerunOptions {
  readonly client: ClickHouseClient;
  readonly projectId: string;
  /** This thread alone; all of the project's unless given. */
  readonly threadId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told which traces to rebuild. */
  readonly touch: (traces: readonly TouchedTrace[]) => void;
}

/** How far a run is; counts since its start. */
export interface RerunProgress {
  readonly records: number;
  /** Records of which the rules now say something else. */
  readonly changed: number;
}

/** Records that are written together: each may bring a whole history along. */
const BATCH = 32;

/** Judges one page, and hands over in small batches what has to be written anew. */
async function restatePage<T, C extends CanonicalSpan | CanonicalLog>(
  { records }: StoredPage<T>,
  normalise: (record: T) => C,
  write: (restated: readonly Restated<C>[]) => Promise<void>,
): Promise<number> {
  let changed = 0;
  let batch: Restated<C>[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await write(batch);
    changed += batch.length;
    batch = [];
  };
  for (const stored of records) {
    const canonical = normalise(stored.restore());
    if (!isUnchanged(stored, canonical.genAi)) batch.push({ stored, canonical });
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return changed;
}

/**
 * Runs the rules of today over what is stored, and has every thread rebuilt. What arrived stays as
 * it is; running it again, or while telemetry comes in, does no harm.
 */
export async function* rerun({
  client,
  projectId,
  threadId,
  now,
  touch,
}: RerunOptions): AsyncGenerator<RerunProgress> {
  const traceIds =
    threadId === undefined
      ? undefined
      : ((await findTraceIds(client, projectId, [threadId])).get(threadId) ?? []);
  const options = { projectId, traceIds };
  let progress: RerunProgress = { records: 0, changed: 0 };
  const advance = (page: StoredPage<unknown>, changed: number): RerunProgress => {
    const touched = new Set(page.records.map(({ row }) => String(row['trace_id'])));
    touch([...touched].map((traceId) => ({ projectId, traceId })));
    progress = {
      records: progress.records + page.records.length,
      changed: progress.changed + changed,
    };
    return progress;
  };
  const write = (
    { shelfOf }: StoredPage<unknown>,
    restated: {
      readonly spans?: readonly Restated<CanonicalSpan>[];
      readonly logs?: readonly Restated<CanonicalLog>[];
    },
  ): Promise<void> => {
    const restatement = { projectId, shelfOf, spans: [], logs: [], ...restated };
    return rewriteFacts(client, restatement, formatMillis(now()));
  };
  for await (const page of readStoredSpans(client, options)) {
    const changed = await restatePage(page, normaliseSpan, (spans) => write(page, { spans }));
    yield advance(page, changed);
  }
  for await (const page of readStoredLogs(client, options)) {
    const changed = await restatePage(page, normaliseLog, (logs) => write(page, { logs }));
    yield advance(page, changed);
  }
}
