import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalLog, CanonicalSpan, GenAi } from '@colloquy/schema';
import { hashContent } from '../digest.js';
import { traceKeyOf } from '../untraced-logs.js';
import type { Row } from './gen-ai-columns.js';
import type { StoredRecord } from './read-telemetry.js';
import { createShelfMemory } from './shelves.js';
import { readLine } from './encode-rows.js';
import { encodeFacts, insertRows, type EncodedRow } from './write-facts.js';

/** A record in the store, and what the rules make of it now. */
export interface Restated<Canonical> {
  readonly stored: Pick<StoredRecord<unknown>, 'row'>;
  readonly canonical: Canonical;
}

export interface Restatement {
  readonly projectId: string;
  readonly spans: readonly Restated<CanonicalSpan>[];
  readonly logs: readonly Restated<CanonicalLog>[];
  /** Where contents are kept already, by their hashes. */
  readonly shelfOf: ReadonlyMap<string, string>;
}

/** True when the rules say of a record what they said when it was stored. */
export function isUnchanged(
  { fact, row }: Pick<StoredRecord<unknown>, 'fact' | 'row'>,
  genAi: GenAi,
): boolean {
  const { systemMessages, inputMessages, outputMessages, metadata, ...rest } = genAi;
  const now: Readonly<Record<string, unknown>> = {
    ...rest,
    systemHashes: systemMessages.map(hashContent),
    inputHashes: inputMessages.map(hashContent),
    outputHashes: outputMessages.map(hashContent),
  };
  const before = fact as unknown as Readonly<Record<string, unknown>>;
  const hasMetadata = Object.keys(metadata).length > 0;
  return (
    Object.keys(now).every((key) => JSON.stringify(before[key]) === JSON.stringify(now[key])) &&
    row['metadata'] === (hasMetadata ? JSON.stringify(metadata) : '')
  );
}

/** Record ids name what arrived, so they stay; so does the time of arrival. */
const asStored = (
  table: string,
  rows: readonly EncodedRow[] | undefined,
  restated: readonly Restated<unknown>[],
  now: string,
  keep: (row: Row) => Row,
): readonly Row[] =>
  (rows ?? []).map((encoded, index) => {
    const row = typeof encoded === 'string' ? readLine(table, encoded) : encoded;
    const stored = restated[index]?.stored.row ?? {};
    return { ...row, received_at: stored['received'], restated_at: now, ...keep(stored) };
  });

/**
 * Stores what the rules make of records now, in place of what they made before.
 *
 * @param now - `YYYY-MM-DD hh:mm:ss.nnn`, UTC
 */
export async function rewriteFacts(
  client: ClickHouseClient,
  { projectId, spans, logs, shelfOf }: Restatement,
  now: string,
): Promise<void> {
  const memory = createShelfMemory();
  for (const [hash, shelf] of shelfOf) memory.set(`${projectId}/${hash}`, shelf);
  const { tables } = encodeFacts(
    {
      projectId,
      bytes: 0,
      spans: spans.map(({ canonical }) => canonical),
      logs: logs.map(({ canonical }) => canonical),
    },
    now,
    memory,
  );
  await insertRows(
    client,
    new Map<string, readonly EncodedRow[]>([
      ...tables,
      ['fact_spans', asStored('fact_spans', tables.get('fact_spans'), spans, now, () => ({}))],
      [
        'fact_logs',
        asStored('fact_logs', tables.get('fact_logs'), logs, now, ({ record_id }) => ({
          record_id,
        })),
      ],
    ]),
  );
  // A record outside any trace is kept by the thread it names: under another id it stands elsewhere.
  const moved = logs.filter(
    ({ stored, canonical }) => traceKeyOf(canonical) !== stored.row['trace_id'],
  );
  for (const { stored } of moved) {
    await client.command({
      query: `DELETE FROM fact_logs WHERE project_id = {projectId:String}
        AND trace_id = {traceKey:String} AND record_id = {recordId:UUID}`,
      query_params: {
        projectId,
        traceKey: stored.row['trace_id'],
        recordId: stored.row['record_id'],
      },
    });
  }
}
