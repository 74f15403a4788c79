import { GEN_AI_SELECT } from './gen-ai-columns.js';

/** All columns of a span, for a `SELECT` from `fact_spans`. */
export const SPAN_COLUMNS = `trace_id, span_id, parent_span_id, trace_state, flags, name, kind,
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
  metadata, content_shelves, ${GEN_AI_SELECT}`;

/** All columns of a log record, for a `SELECT` from `fact_logs`. */
export const LOG_COLUMNS = `trace_id, span_id, toString(record_id) AS record_id,
  toUnixTimestamp64Nano(time) AS time_nano,
  toUnixTimestamp64Nano(observed_time) AS observed_nano,
  sequence, flags, severity_number, severity_text, event_name, body,
  service_name, scope_name, scope_version, resource_schema_url, scope_schema_url, resource_attributes, scope_attributes, attributes, attribute_types,
  dropped_attributes_count, metadata, content_shelves, ${GEN_AI_SELECT}`;
