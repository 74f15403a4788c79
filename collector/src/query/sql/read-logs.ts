import type { ClickHouseClient } from '@clickhouse/client';
import type { LogFact } from '@colloquy/schema';
import { selectRows } from '../../store/client.js';
import { GEN_AI_SELECT, type Row } from '../../store/gen-ai-columns.js';
import { decodeLog } from '../../store/read-facts.js';

/** A log record with all of its columns: what the rebuild needs decoded, the rest as stored. */
export interface StoredLog {
  readonly fact: LogFact;
  readonly row: Row;
}

const LOGS = `SELECT trace_id, span_id, toString(record_id) AS record_id,
  toUnixTimestamp64Nano(time) AS time_nano,
  toUnixTimestamp64Nano(observed_time) AS observed_nano,
  sequence, flags, severity_number, severity_text, event_name, body,
  scope_name, scope_version, resource_schema_url, scope_schema_url, resource_attributes, scope_attributes, attributes, attribute_types,
  dropped_attributes_count, metadata, content_shelves, ${GEN_AI_SELECT}
FROM fact_logs FINAL
WHERE project_id = {projectId:String} AND trace_id = {traceId:String}
ORDER BY time, sequence, toString(record_id)`;

/** All log records of one trace, whole, in the order in which they were written. */
export async function readLogs(
  client: ClickHouseClient,
  projectId: string,
  traceId: string,
): Promise<readonly StoredLog[]> {
  const rows = await selectRows<Row>(client, LOGS, { projectId, traceId });
  return rows.map((row) => ({ fact: decodeLog(row), row }));
}
