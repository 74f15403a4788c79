import type { ClickHouseClient } from '@clickhouse/client';
import type { GenAi } from '@colloquy/schema';
import { selectByKeys } from './client.js';
import type { RowContext } from './encode-rows.js';
import type { Row } from './gen-ai-columns.js';

/** A trace that reports a message, that one set off, or that judges one. */
type ReferenceKind = 'reported' | 'run' | 'feedback';

export interface MessageReference {
  readonly messageId: string;
  readonly kind: ReferenceKind;
  readonly traceId: string;
  /** The thread that was named beside it; `''` for none. */
  readonly threadId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

type Teller = Pick<GenAi, 'kind' | 'messageId' | 'parentMessageId' | 'threadCandidates'>;

/** Which messages a span or record names, and why. */
function* namedBy({
  kind,
  messageId,
  parentMessageId,
}: Teller): Generator<[ReferenceKind, string]> {
  if (messageId !== undefined && kind === 'message') yield ['reported', messageId];
  if (messageId !== undefined && kind === 'feedback') yield ['feedback', messageId];
  if (parentMessageId !== undefined) yield ['run', parentMessageId];
}

const bestOf = ({ threadCandidates }: Teller): string =>
  threadCandidates.toSorted((a, b) => a.rank - b.rank)[0]?.threadId ?? '';

/** Rows of `fact_message_references`, each once. */
export function referenceRows(
  items: readonly { readonly traceId: string; readonly genAi: Teller }[],
  { projectId, receivedAt }: RowContext,
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { traceId, genAi } of items)
    for (const [kind, messageId] of namedBy(genAi)) {
      const threadId = bestOf(genAi);
      rows.set(JSON.stringify([kind, messageId, traceId, threadId]), {
        project_id: projectId,
        message_id: messageId,
        kind,
        trace_id: traceId,
        thread_id: threadId,
        received_at: receivedAt,
      });
    }
  return [...rows.values()];
}

interface ReferenceRow {
  readonly message_id: string;
  readonly kind: ReferenceKind;
  readonly trace_id: string;
  readonly thread_id: string;
  readonly received_ms: string;
}

/** Where these messages are named. @param messageIds - as applications made them */
export async function findReferences(
  client: ClickHouseClient,
  projectId: string,
  messageIds: Iterable<string>,
): Promise<readonly MessageReference[]> {
  const rows = await selectByKeys<ReferenceRow>(
    client,
    `SELECT message_id, kind, trace_id, thread_id, toUnixTimestamp64Milli(max(received_at)) AS received_ms
     FROM fact_message_references
     WHERE project_id = {projectId:String} AND message_id IN {keys:Array(String)}
     GROUP BY message_id, kind, trace_id, thread_id`,
    { projectId },
    [...new Set(messageIds)],
  );
  return rows.map(({ message_id, kind, trace_id, thread_id, received_ms }) => ({
    messageId: message_id,
    kind,
    traceId: trace_id,
    threadId: thread_id,
    receivedAt: Number(received_ms),
  }));
}
