import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalLog, CanonicalSpan } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import type { Admission, ArrivalGuard } from '../store/arrival-guard.js';
import { selectByKeys } from '../store/client.js';
import { formatMillis } from '../store/time.js';
import { insertRows, type CanonicalBatch } from '../store/write-facts.js';
import { traceKeyOf } from '../untraced-logs.js';
import type { ErasureEpochs } from './epochs.js';
import {
  judgeArrivals,
  type Arrival,
  type ErasedTrace,
  type Mark,
  wantedMarks,
} from './judge-arrivals.js';

export interface ArrivalsOptions {
  readonly client: ClickHouseClient;
  readonly epochs: ErasureEpochs;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of traces that turn out to belong to something erased: parts may be stored already. */
  readonly onLate: (projectId: string, traces: readonly ErasedTrace[]) => Promise<void>;
}

const millisOf = (nano: bigint): number => Number(nano / 1_000_000n);

const timeOfSpan = ({ span }: CanonicalSpan): number => millisOf(span.startTimeUnixNano);
const timeOfLog = ({ log }: CanonicalLog): number =>
  millisOf(log.timeUnixNano || log.observedTimeUnixNano);

const hasBegunBefore = ({ spans, logs }: CanonicalBatch, time: number): boolean =>
  time > 0 &&
  (spans.some((span) => timeOfSpan(span) < time) || logs.some((log) => timeOfLog(log) < time));

const arrivalOfSpan = (item: CanonicalSpan): Arrival<CanonicalSpan> => ({
  item,
  traceKey: item.span.traceId,
  startedAt: timeOfSpan(item),
  ...namesOf(item),
});

const arrivalOfLog = (item: CanonicalLog): Arrival<CanonicalLog> => ({
  item,
  traceKey: traceKeyOf(item),
  startedAt: timeOfLog(item),
  ...namesOf(item),
});

const namesOf = ({ genAi }: CanonicalSpan | CanonicalLog) => ({
  userId: genAi.userId,
  candidates: genAi.threadCandidates,
  messageIds: [genAi.messageId, genAi.parentMessageId].filter((id) => id !== undefined),
});

const READ = `SELECT mark, user_mark, toUnixTimestamp64Milli(erased_at) AS erased_ms, erasure_id
FROM erasure_marks FINAL WHERE project_id = {projectId:String} AND mark IN {keys:Array(UUID)}`;

interface MarkRow {
  readonly mark: string;
  readonly user_mark: string;
  readonly erased_ms: string;
  readonly erasure_id: string;
}

/** Keeps out what had begun before it was erased, whenever it arrives. */
export class Arrivals implements ArrivalGuard {
  readonly #options: ArrivalsOptions;
  readonly #changed: () => ReadonlySet<string>;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#changed = options.epochs.watch();
  }

  async admit(batches: readonly CanonicalBatch[]): Promise<Admission> {
    const { epochs } = this.#options;
    await epochs.refresh();
    const before = epochs.versions();
    const erased = this.#changed();
    const admitted = await this.#sift(batches);
    return {
      batches: admitted,
      erased,
      confirm: async () => {
        await epochs.refresh();
        const now = epochs.versions();
        const projects = new Set(admitted.map(({ projectId }) => projectId));
        const changed = new Set(
          [...projects].filter((projectId) => now.get(projectId) !== before.get(projectId)),
        );
        await this.#sift(admitted.filter(({ projectId }) => changed.has(projectId)));
        return changed;
      },
    };
  }

  async #sift(batches: readonly CanonicalBatch[]): Promise<readonly CanonicalBatch[]> {
    const out = new Set<unknown>();
    for (const [projectId, own] of groupBy(batches, (batch) => batch.projectId)) {
      const erasedAt = this.#options.epochs.erasedAt(projectId);
      // Nearly everything begins after what was erased last, and costs nothing here.
      if (!own.some((batch) => hasBegunBefore(batch, erasedAt))) continue;
      const arrivals = own.flatMap(({ spans, logs }) => [
        ...spans.map(arrivalOfSpan),
        ...logs.map(arrivalOfLog),
      ]);
      for (const item of await this.#findErased(projectId, arrivals)) out.add(item);
    }
    if (out.size === 0) return batches;
    return batches.map((batch) => ({
      ...batch,
      spans: batch.spans.filter((item) => !out.has(item)),
      logs: batch.logs.filter((item) => !out.has(item)),
    }));
  }

  async #findErased(
    projectId: string,
    arrivals: readonly Arrival<CanonicalSpan | CanonicalLog>[],
  ): Promise<readonly (CanonicalSpan | CanonicalLog)[]> {
    const { client, onLate } = this.#options;
    const keys = wantedMarks(projectId, arrivals);
    const rows = await selectByKeys<MarkRow>(client, READ, { projectId }, [...keys]);
    const marks = rows.map((row): Mark => ({
      mark: row.mark,
      userMark: row.user_mark,
      erasedAt: Number(row.erased_ms),
      erasureId: row.erasure_id,
    }));
    const { erased, traces } = judgeArrivals(projectId, arrivals, marks);
    if (traces.length > 0) await onLate(projectId, traces);
    await this.#note(projectId, erased);
    return erased.map(({ item }) => item);
  }

  async #note(
    projectId: string,
    erased: readonly { readonly item: CanonicalSpan | CanonicalLog; readonly erasureId: string }[],
  ): Promise<void> {
    const rows = [...groupBy(erased, ({ erasureId }) => erasureId)].map(([erasureId, own]) => {
      const spans = own.filter(({ item }) => 'span' in item).length;
      return {
        project_id: projectId,
        erasure_id: erasureId,
        arrived_at: formatMillis(this.#options.now()),
        spans,
        logs: own.length - spans,
      };
    });
    await insertRows(this.#options.client, new Map([['erasure_late', rows]]));
  }
}
