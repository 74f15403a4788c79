import type { ClickHouseClient } from '@clickhouse/client';
import type { SpanFact } from '@colloquy/schema';
import { selectRows } from '../../store/client.js';
import { GEN_AI_SELECT, type Row } from '../../store/gen-ai-columns.js';
import { joinHistories } from '../../store/histories.js';
import { decodeSpan } from '../../store/read-facts.js';

/** A span with all of its columns: what the rebuild needs decoded, the rest as stored. */
export interface StoredSpan {
  readonly fact: SpanFact;
  readonly row: Row;
}

const SPANS = `SELECT trace_id, span_id, parent_span_id, trace_state, flags, name, kind,
  toUnixTimestamp64Nano(start_time) AS start_nano, toUnixTimestamp64Nano(end_time) AS end_nano,
  status_code, status_message, service_name, scope_name, scope_version, resource_schema_url, scope_schema_url,
  resource_attributes, scope_attributes, attributes, attribute_types,
  arrayMap(time -> toUnixTimestamp64Nano(time), \`events.time\`) AS event_nanos,
  \`events.name\` AS event_names, \`events.attributes\` AS event_attributes,
  \`events.dropped_attributes_count\` AS event_dropped_counts,
  \`links.dropped_attributes_count\` AS link_dropped_counts,
  \`links.trace_id\` AS link_trace_ids, \`links.span_id\` AS link_span_ids,
  \`links.trace_state\` AS link_trace_states, \`links.attributes\` AS link_attributes,
  dropped_attributes_count, dropped_events_count, dropped_links_count,
  metadata, content_shelves, ${GEN_AI_SELECT}
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
