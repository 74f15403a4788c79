import type { ClickHouseClient } from '@clickhouse/client';
import type { SpanFact } from '@colloquy/schema';
import { selectRows } from '../../store/client.js';
import type { Row } from '../../store/gen-ai-columns.js';
import { joinHistories } from '../../store/history-pieces.js';
import { SPAN_COLUMNS } from '../../store/whole-rows.js';
import { decodeSpan } from '../../store/read-facts.js';

/** A span with all of its columns: what the rebuild needs decoded, the rest as stored. */
export interface StoredSpan {
  readonly fact: SpanFact;
  readonly row: Row;
}

const SPANS = `SELECT ${SPAN_COLUMNS}
FROM fact_spans FINAL
WHERE project_id = {projectId:String} AND trace_id = {traceId:String}`;

/** All spans of one trace, whole. */
export async function readSpans(
  client: ClickHouseClient,
  projectId: string,
  traceId: string,
): Promise<readonly StoredSpan[]> {
  const rows = await selectRows<Row>(client, SPANS, { projectId, traceId });
  const whole = await joinHistories(client, projectId, rows);
  return whole.map((row) => ({ fact: decodeSpan(row), row }));
}
