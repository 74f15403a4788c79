import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalLog, CanonicalSpan } from '@colloquy/schema';
import type { LRUCache } from 'lru-cache';
import { isTraceId, traceKeyOf } from '../untraced-logs.js';
import { columnsOf, encodeLog, encodeSpan, RecordIds, type RowContext } from './encode-rows.js';
import type { Row } from './gen-ai-columns.js';
import { referenceRows } from './message-references.js';
import { ShelfBatch, type ShelvedMessage } from './shelves.js';

/** What one request brought, with its meaning. */
export interface CanonicalBatch {
  readonly projectId: string;
  readonly spans: readonly CanonicalSpan[];
  readonly logs: readonly CanonicalLog[];
  /** Size of the request they came in. */
  readonly bytes: number;
  /** When that was, in milliseconds since 1970; now where this is left out. */
  readonly receivedAt?: number | undefined;
}

/** A row by the names of its columns, or as the line that it is sent as; see `encode-rows.ts`. */
export type EncodedRow = Row | string;

/** Rows by table, ready to be inserted together; all rows of a table are of one form. */
export interface FactRows {
  readonly tables: ReadonlyMap<string, readonly EncodedRow[]>;
  /** Threads that may have changed, by the trace ids that were touched. */
  readonly touched: readonly TouchedTrace[];
  /** Messages that were not known to be stored, by project. */
  readonly messages: NewMessages;
  /** To be called once all rows are stored. */
  commit(): void;
}

export type NewMessages = ReadonlyMap<string, readonly ShelvedMessage[]>;

export interface TouchedTrace {
  readonly projectId: string;
  readonly traceId: string;
  /** True when what was stored of it matters only where the trace has a part in a conversation otherwise. */
  readonly isSilent?: boolean;
}

const isConversational = ({ genAi }: CanonicalSpan | CanonicalLog): boolean =>
  genAi.kind !== 'other' ||
  genAi.inputMessages.length + genAi.outputMessages.length + genAi.systemMessages.length > 0;

/** True for the many spans of HTTP, SQL and the like that tell nothing a thread is made of. */
const isSilent = (of: CanonicalSpan | CanonicalLog): boolean => {
  const { threadCandidates, messageId, parentMessageId } = of.genAi;
  const namesNothing =
    threadCandidates.length === 0 && messageId === undefined && parentMessageId === undefined;
  return namesNothing && !isConversational(of);
};

type Item = { readonly traceId: string; readonly of: CanonicalSpan | CanonicalLog };

/**
 * A trace that names no thread is one of its own, so its own id is a candidate too; by it a trace is
 * known to have a part in a conversation.
 */
function candidateRows(
  items: readonly Item[],
  { projectId, receivedAt }: RowContext,
): readonly Row[] {
  const pairs = new Map<string, Row>();
  const add = (threadId: string, traceId: string): void => {
    pairs.set(`${traceId}/${threadId}`, {
      project_id: projectId,
      thread_id: threadId,
      trace_id: traceId,
      received_at: receivedAt,
    });
  };
  for (const { traceId, of } of items) {
    if (isTraceId(traceId) && !isSilent(of)) add(traceId, traceId);
    for (const { threadId } of of.genAi.threadCandidates) add(threadId, traceId);
  }
  return [...pairs.values()];
}

/** A batch and when it was received, as ClickHouse reads it. */
export interface StampedBatch {
  readonly batch: CanonicalBatch;
  readonly receivedAt: string;
}

/** Encodes one batch. Nothing is written; what is new is noted in `memory` only on commit. */
export const encodeFacts = (
  batch: CanonicalBatch,
  receivedAt: string,
  memory: LRUCache<string, string>,
): FactRows => encodeBatches([{ batch, receivedAt }], memory);

/** Encodes batches that are written together: what several of them say is a row once. */
export function encodeBatches(
  batches: readonly StampedBatch[],
  memory: LRUCache<string, string>,
): FactRows {
  const shelvesOf = new Map<string, ShelfBatch>();
  const tables = new Map<string, EncodedRow[]>();
  const add = (parts: ReadonlyMap<string, readonly EncodedRow[]>): void => {
    for (const [table, rows] of parts) {
      const all = tables.get(table) ?? [];
      tables.set(table, all);
      for (const row of rows) all.push(row);
    }
  };
  const touched = batches.flatMap(({ batch, receivedAt }) => {
    const { projectId } = batch;
    const shelves = shelvesOf.get(projectId) ?? new ShelfBatch(projectId, memory, receivedAt);
    shelvesOf.set(projectId, shelves);
    const rows = encodeBatch(batch, receivedAt, shelves);
    add(rows.tables);
    return rows.touched;
  });
  for (const shelves of shelvesOf.values()) add(shelves.tables());
  return {
    tables,
    touched,
    messages: new Map([...shelvesOf].map(([id, shelves]) => [id, shelves.messages()])),
    commit: () => {
      for (const shelves of shelvesOf.values()) shelves.commit();
    },
  };
}

/** All rows but those of the contents, which are noted in `shelves`. */
function encodeBatch(
  batch: CanonicalBatch,
  receivedAt: string,
  shelves: ShelfBatch,
): Pick<FactRows, 'tables' | 'touched'> {
  const context: RowContext = { projectId: batch.projectId, receivedAt };
  const ids = new RecordIds();
  const spans = batch.spans.map((item) => encodeSpan(item, shelves.put(item.genAi), context));
  const logs = batch.logs.map((item) => encodeLog(item, shelves.put(item.genAi), context, ids));
  const items: readonly Item[] = [
    ...batch.spans.map((of) => ({ traceId: of.span.traceId as string, of })),
    ...batch.logs
      .map((of) => ({ traceId: traceKeyOf(of), of }))
      .filter(({ traceId }) => traceId !== ''),
  ];
  const candidates = candidateRows(items, context);
  const touched = new Map<string, boolean>();
  for (const { traceId, of } of items)
    touched.set(traceId, (touched.get(traceId) ?? true) && isSilent(of));
  return {
    tables: new Map<string, readonly EncodedRow[]>([
      ['fact_spans', spans],
      ['fact_logs', logs],
      ['fact_thread_candidates', candidates],
      [
        'fact_message_references',
        referenceRows(
          items.map(({ traceId, of }) => ({ traceId, genAi: of.genAi })),
          context,
        ),
      ],
    ]),
    touched: [...touched].map(([traceId, silent]) => ({
      projectId: batch.projectId,
      traceId,
      isSilent: silent,
    })),
  };
}

/** Inserts rows of several tables; all or an error. Sending the same rows again changes nothing. */
export async function insertRows(
  client: ClickHouseClient,
  tables: ReadonlyMap<string, readonly EncodedRow[]>,
): Promise<void> {
  const inserts = [...tables].filter(([, rows]) => rows.length > 0);
  await Promise.all(
    inserts.map(([table, rows]) => {
      const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
      const form =
        typeof rows[0] === 'string'
          ? `(${columnsOf(table)
              .map((column) => `\`${column}\``)
              .join()}) FORMAT JSONCompactEachRow`
          : 'FORMAT JSONEachRow';
      return client.command({ query: `INSERT INTO ${table} ${form}\n${lines.join('\n')}` });
    }),
  );
}
