import type { ClickHouseClient } from '@clickhouse/client';
import type { Row } from '../store/gen-ai-columns.js';
import { formatMillis } from '../store/time.js';
import { insertRows } from '../store/write-facts.js';
import type { ErasedTrace } from './judge-arrivals.js';
import type { Erasure } from './ledger.js';
import { markOf, NO_MARK, type MarkKind, type Subject } from './subject.js';
import type { TargetKind } from './tables.js';
import { readKeys } from './targets.js';

const BATCH = 10_000;

async function write(client: ClickHouseClient, rows: readonly Row[]): Promise<void> {
  for (let first = 0; first < rows.length; first += BATCH)
    await insertRows(client, new Map([['erasure_marks', rows.slice(first, first + BATCH)]]));
}

const rowOf = (
  { projectId, id, erasedAt }: Pick<Erasure, 'projectId' | 'id' | 'erasedAt'>,
  mark: string,
  userMark = NO_MARK,
): Row => ({
  project_id: projectId,
  mark,
  user_mark: userMark,
  erased_at: formatMillis(erasedAt),
  erasure_id: id,
});

/** From here on nothing of the subject that began before is taken in. */
export async function markSubject(
  client: ClickHouseClient,
  erasure: Erasure,
  subject: Subject,
): Promise<void> {
  if (!('id' in subject)) return;
  await write(client, [rowOf(erasure, markOf(erasure.projectId, subject.kind, subject.id))]);
}

const MARKED: readonly (readonly [MarkKind, TargetKind])[] = [
  ['trace', 'trace'],
  ['thread', 'thread'],
  ['message', 'message'],
];

/** Marks what was found, by which late arrivals can be known that name the subject no more. */
export async function markTargets(client: ClickHouseClient, erasure: Erasure): Promise<void> {
  // What was late is marked when it arrives; what expired may come again.
  if (erasure.kind === 'expired' || erasure.kind === 'late') return;
  for (const [markKind, targetKind] of MARKED) {
    const keys = await readKeys(client, erasure.id, [targetKind]);
    await write(
      client,
      keys.map((key) => rowOf(erasure, markOf(erasure.projectId, markKind, key))),
    );
  }
}

/** Marks traces of which something turned out to be erased. */
export async function markTraces(
  client: ClickHouseClient,
  projectId: string,
  traces: readonly ErasedTrace[],
): Promise<void> {
  await write(
    client,
    traces.map(({ traceKey, userId, erasedAt, erasureId }) =>
      rowOf(
        { projectId, id: erasureId, erasedAt },
        markOf(projectId, 'trace', traceKey),
        userId === undefined ? NO_MARK : markOf(projectId, 'user', userId),
      ),
    ),
  );
}
