import type { Check } from './check.js';
import {
  addTheDialect,
  captureContent,
  exportAll,
  instrumentOnce,
  nameTheSession,
  raiseTheCount,
  raiseTheLength,
  sayItOnTheRoot,
  sayTheThread,
  setTheClock,
} from './remedies.js';

/** Rows that came in since the given time; the newest version of each. */
const recent = (table: 'fact_spans' | 'fact_logs'): string => `${table} FINAL
  WHERE project_id = {projectId:String} AND received_at >= toDateTime({since:UInt32})`;

/** The columns of a finding, for spans `s`; the newest span is the example. */
const found = (emitter: string, count = 'count()'): string => `${emitter} AS emitter,
  ${count} AS count,
  argMax(s.trace_id, s.start_time) AS trace_id,
  argMax(s.span_id, s.start_time) AS span_id,
  argMax(s.name, s.start_time) AS name,
  argMax(s.service_name, s.start_time) AS service`;

const PER_EMITTER = `GROUP BY emitter
HAVING count > 0
ORDER BY count DESC, emitter
LIMIT {limit:UInt32}`;

/** The one that says more than the conventions it shares with others. */
const DIALECT = `if(length(s.dialects) > 1, arrayFirst(d -> d != 'otel-genai', s.dialects), s.dialects[1])`;

/** Traces that name a thread on any of their spans or logs. */
const NAMED_TRACES = `SELECT trace_id FROM fact_spans
  WHERE project_id = {projectId:String} AND notEmpty(thread_candidates.thread_id)
  UNION ALL SELECT trace_id FROM fact_logs
  WHERE project_id = {projectId:String} AND notEmpty(thread_candidates.thread_id)`;

const IS_SILENT =
  '(empty(input_pieces) AND arrayAll(hash -> has({blank:Array(UUID)}, hash), arrayConcat(input_hashes, output_hashes)))';

/** How long a parent may take to arrive, in seconds. */
const PATIENCE = 60;
/** Clocks that differ by less are taken for right, in seconds. */
const TOLERANCE = 2;
const LOOKS_LIKE_A_MODEL_CALL = String.raw`(?i)(^|[._])(llm|prompts?|completions?|gen_?ai|input_tokens|output_tokens)([._]|$)`;

/** Everything the doctor looks for, what costs most first. */
export const CHECKS: readonly Check[] = [
  {
    name: 'no_thread_id',
    title: 'Model calls in traces that name no thread',
    unit: 'model calls',
    sql: `SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND observation_kind = 'llm' AND trace_id NOT IN (${NAMED_TRACES})) AS s
${PER_EMITTER}`,
    remedy: sayTheThread,
  },
  {
    name: 'ambiguous_history',
    title:
      'Traces without a thread id that go on from several conversations alike, and so were joined to none',
    unit: 'traces',
    sql: `SELECT ${found(DIALECT, 'uniqExact(s.trace_id)')} FROM (SELECT * FROM ${recent('fact_spans')}
  AND observation_kind = 'llm' AND trace_id IN (SELECT trace_id FROM derived_joins FINAL
    WHERE project_id = {projectId:String} AND is_ambiguous AND given_thread_id = '')) AS s
${PER_EMITTER}`,
    remedy: sayTheThread,
  },
  {
    name: 'no_content',
    title: 'Model calls of which no words were sent',
    unit: 'model calls',
    sql: `SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND observation_kind = 'llm' AND status_code != 'Error'
  AND ${IS_SILENT}
  AND (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM fact_logs
    WHERE project_id = {projectId:String} AND NOT ${IS_SILENT})
  AND (response_id = '' OR (trace_id, response_id) NOT IN (SELECT trace_id, response_id FROM fact_spans
    WHERE project_id = {projectId:String} AND NOT ${IS_SILENT}))) AS s
${PER_EMITTER}`,
    remedy: captureContent,
  },
  {
    name: 'cut_content',
    title: 'Spans with content that was cut, so that it is no valid JSON any more',
    unit: 'spans',
    sql: `WITH (SELECT groupArray(content_hash) FROM (SELECT content_hash FROM fact_contents
    WHERE project_id = {projectId:String} AND seen_at >= toDateTime({since:UInt32})
      AND (position(message, '{"type":"raw","content":"[') > 0
        OR position(message, '{"type":"raw","content":"{') > 0)
    LIMIT 10000)) AS cut
SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND hasAny(arrayConcat(system_hashes, input_hashes, output_hashes), cut)) AS s
${PER_EMITTER}`,
    remedy: raiseTheLength,
  },
  {
    name: 'dropped_attributes',
    title: 'Spans that lost attributes to a limit of the SDK',
    unit: 'spans',
    sql: `SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND dropped_attributes_count > 0) AS s
${PER_EMITTER}`,
    remedy: raiseTheCount,
  },
  {
    name: 'double_instrumentation',
    title: 'Model calls recorded by two instrumentations',
    unit: 'model calls',
    sql: `SELECT emitter, count() AS count, argMax(t, at) AS trace_id, argMax(i, at) AS span_id,
  argMax(n, at) AS name, argMax(v, at) AS service
FROM (SELECT arrayStringConcat(arraySort(groupUniqArray(scope_name)), ', ') AS emitter,
    trace_id AS t, any(span_id) AS i, any(name) AS n, any(service_name) AS v, max(start_time) AS at
  FROM ${recent('fact_spans')} AND observation_kind = 'llm' AND response_id != ''
  GROUP BY trace_id, response_id HAVING uniqExact(scope_name) > 1)
${PER_EMITTER}`,
    remedy: instrumentOnce,
  },
  {
    name: 'unknown_dialect',
    title: 'Spans that look like model calls in words that no table knows',
    unit: 'spans',
    sql: `SELECT ${found('s.scope_name')} FROM (SELECT * FROM ${recent('fact_spans')}
  AND empty(dialects) AND arrayExists(key -> match(key, '${LOOKS_LIKE_A_MODEL_CALL}'), mapKeys(attributes))) AS s
${PER_EMITTER}`,
    remedy: addTheDialect,
  },
  {
    name: 'orphan_spans',
    title: 'Spans whose parent did not arrive',
    unit: 'spans',
    sql: `SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND parent_span_id != '' AND received_at < toDateTime({now:UInt32}) - ${PATIENCE}
  AND (trace_id, parent_span_id) NOT IN (SELECT trace_id, span_id FROM fact_spans
    WHERE project_id = {projectId:String})) AS s
${PER_EMITTER}`,
    remedy: exportAll,
  },
  {
    name: 'id_below_root',
    title: 'Traces whose root does not name the thread, although a span below does',
    unit: 'traces',
    sql: `SELECT ${found(DIALECT)} FROM (SELECT * FROM ${recent('fact_spans')}
  AND parent_span_id = '' AND empty(thread_candidates.thread_id)
  AND trace_id IN (${NAMED_TRACES})) AS s
${PER_EMITTER}`,
    remedy: sayItOnTheRoot,
  },
  {
    name: 'clock_skew',
    title: 'Spans that begin before their parent or end in the future',
    unit: 'spans',
    sql: `SELECT ${found('s.service_name')} FROM (SELECT * FROM ${recent('fact_spans')}) AS s
LEFT JOIN (SELECT trace_id, span_id, start_time FROM fact_spans FINAL
  WHERE project_id = {projectId:String} AND trace_id IN (
    SELECT trace_id FROM fact_spans WHERE project_id = {projectId:String}
      AND received_at >= toDateTime({since:UInt32}))) AS p
  ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
WHERE (p.span_id != '' AND s.start_time < p.start_time - ${TOLERANCE})
  OR s.end_time > s.received_at + ${TOLERANCE}
${PER_EMITTER}`,
    remedy: setTheClock,
  },
  {
    name: 'unassigned_logs',
    title: 'Log records with messages, without a trace and without a thread id',
    unit: 'log records',
    sql: `SELECT s.scope_name AS emitter, count() AS count, '' AS trace_id, '' AS span_id,
  argMax(s.event_name, s.time) AS name, argMax(s.service_name, s.time) AS service
FROM (SELECT * FROM ${recent('fact_logs')} AND trace_id = ''
  AND empty(thread_candidates.thread_id)
  AND NOT ${IS_SILENT}) AS s
${PER_EMITTER}`,
    remedy: nameTheSession,
  },
];
