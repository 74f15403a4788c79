import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { NO_REPORT, type Erasure, type ErasureLedger } from './ledger.js';
import { markSubject } from './marks.js';
import { subjectMark, type Subject } from './subject.js';

export interface AskOptions {
  readonly client: ClickHouseClient;
  readonly ledger: ErasureLedger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Writes an erasure down. Whichever process works on erasures begins with it within a second; from here on
 * nothing of the subject that began before is taken in.
 */
export async function askErasure(
  { client, ledger, now }: AskOptions,
  projectId: string,
  subject: Subject,
): Promise<Erasure> {
  const erasure = await ledger.write({
    projectId,
    id: randomUUID(),
    kind: subject.kind,
    subject,
    subjectMark: subjectMark(projectId, subject),
    state: 'waiting',
    erasedAt: now(),
    report: NO_REPORT,
    worker: '',
    updatedAt: now(),
  });
  await markSubject(client, erasure, subject);
  return erasure;
}
