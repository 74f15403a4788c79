import type { ClickHouseClient } from '@clickhouse/client';
import type { ErasureAnswer } from '@colloquy/schema';
import type { Erasure, ErasureLedger } from './ledger.js';
import { findResidue } from './store-tables.js';

const timeOf = (ms: number): string => new Date(ms).toISOString();

/** Erasures as the API tells them. */
export async function answerErasures(
  client: ClickHouseClient,
  ledger: ErasureLedger,
  erasures: readonly Erasure[],
): Promise<readonly ErasureAnswer[]> {
  if (erasures.length === 0) return [];
  const late = await ledger.countLate(erasures.map(({ id }) => id));
  return Promise.all(
    erasures.map(async ({ id, kind, subject, subjectMark, state, erasedAt, report }) => ({
      erasure_id: id,
      kind,
      subject: subject !== undefined && 'id' in subject ? subject.id : null,
      subject_mark: subjectMark,
      state,
      step: report.step,
      erased_at: timeOf(erasedAt),
      finished_at: report.finishedAt === null ? null : timeOf(report.finishedAt),
      counts: report.counts,
      tables: report.tables,
      rounds: report.rounds,
      error: report.error,
      late: late.get(id) ?? { spans: 0, logs: 0 },
      on_disk: await findResidue(client, report.finishedAt ?? Date.now()),
    })),
  );
}
