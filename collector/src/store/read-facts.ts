import type { ClickHouseClient } from '@clickhouse/client';
import type { Contents, LogFact, Message, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { sharedLength } from '../shared-length.js';
import { selectByKeys, selectFromShelves, selectRows } from './client.js';
import { decodeGenAi, GEN_AI_SELECT, type Row } from './gen-ai-columns.js';
import { joinHistories } from './history-pieces.js';

/** The facts of the traces that may belong to a thread, and where its contents are kept. */
export interface TraceFacts {
  readonly spans: readonly SpanFact[];
  readonly logs: readonly LogFact[];
  readonly shelves: readonly string[];
  /** How much is known of each trace. */
  readonly known: ReadonlyMap<string, KnownFacts>;
}

/** The facts of one trace. */
export interface FactsOfTrace {
  readonly spans: readonly SpanFact[];
  readonly logs: readonly LogFact[];
  readonly shelves: readonly string[];
  readonly known: KnownFacts;
  /** Changes when any of them does; see {@link readStamps}. */
  readonly stamp: string;
}

interface KnownFacts {
  readonly count: number;
  /** Milliseconds since 1970 when the newest was received. */
  readonly newest: number;
}

/** Milliseconds since 2020 fit into 40 bits until 2054. */
const VERSION_EPOCH_MS = BigInt(Date.UTC(2020, 0, 1));
const VERSION_BITS = 40n;

/**
 * The version of what is derived from these traces. More facts make a higher one; among equally
 * many the later ones do. So of two runs over one thread the one that saw more wins,
 * whichever is written last.
 */
export function versionOf(known: TraceFacts['known'], traceIds: readonly string[]): bigint {
  const facts = traceIds.map((traceId) => known.get(traceId) ?? { count: 0, newest: 0 });
  const count = facts.reduce((sum, fact) => sum + fact.count, 0);
  const age = BigInt(Math.max(0, ...facts.map(({ newest }) => newest))) - VERSION_EPOCH_MS;
  return (BigInt(count) << VERSION_BITS) + (age > 0n ? age : 0n);
}

/**
 * One row of each key, as `FINAL` picks it: traces lie all over the table, and `FINAL` would read every
 * column of all the rows around them. Of equal versions the last one stored: an other take, or one restated.
 */
const newestFirst = (key: string): string =>
  `ORDER BY version DESC, greatest(received_at, restated_at) DESC LIMIT 1 BY trace_id, ${key}`;

const SPANS = `SELECT trace_id, span_id, parent_span_id, name, status_code, service_name,
  \`links.trace_id\` AS link_trace_ids,
  toUnixTimestamp64Nano(start_time) AS start_nano, toUnixTimestamp64Nano(end_time) AS end_nano,
  toUnixTimestamp64Milli(received_at) AS received_ms, toUnixTimestamp64Milli(restated_at) AS restated_ms, content_shelves, ${GEN_AI_SELECT}
FROM fact_spans
PREWHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
${newestFirst('span_id')}`;

const LOGS = `SELECT trace_id, span_id, toString(record_id) AS record_id, event_name, sequence, service_name,
  toUnixTimestamp64Nano(time) AS time_nano,
  toUnixTimestamp64Milli(received_at) AS received_ms, toUnixTimestamp64Milli(restated_at) AS restated_ms, content_shelves, ${GEN_AI_SELECT}
FROM fact_logs
PREWHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
${newestFirst('span_id, record_id')}`;

export const decodeSpan = (row: Row): SpanFact => ({
  ...decodeGenAi(row),
  traceId: row['trace_id'] as string,
  spanId: row['span_id'] as string,
  parentSpanId: (row['parent_span_id'] as string) || undefined,
  name: row['name'] as string,
  statusCode: row['status_code'] as SpanFact['statusCode'],
  serviceName: row['service_name'] as string,
  linkedTraceIds: row['link_trace_ids'] as readonly string[],
  startTimeUnixNano: BigInt(row['start_nano'] as string),
  endTimeUnixNano: BigInt(row['end_nano'] as string),
});

export const decodeLog = (row: Row): LogFact => ({
  ...decodeGenAi(row),
  recordId: row['record_id'] as string,
  traceId: row['trace_id'] as string,
  spanId: row['span_id'] as string,
  eventName: row['event_name'] as string,
  serviceName: row['service_name'] as string,
  sequence: Number(row['sequence']),
  timeUnixNano: BigInt(row['time_nano'] as string),
});

const newestOf = (rows: readonly Row[], column: string): number =>
  rows.reduce((newest, row) => Math.max(newest, Number(row[column])), 0);

/** @param rows - of one trace */
function decodeTrace(spans: readonly Row[], logs: readonly Row[]): FactsOfTrace {
  const rows = [...spans, ...logs];
  const newest = newestOf(rows, 'received_ms');
  return {
    spans: spans.map(decodeSpan),
    logs: logs.map(decodeLog),
    shelves: [...new Set(rows.flatMap((row) => row['content_shelves'] as readonly string[]))],
    known: { count: rows.length, newest },
    stamp: [spans.length, logs.length, newest, newestOf(rows, 'restated_ms')].join('/'),
  };
}

/** The facts of these traces, for each of which anything is known. */
export async function readTraces(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, FactsOfTrace>> {
  const read = async (query: string): Promise<ReadonlyMap<string, readonly Row[]>> => {
    const rows = await selectByKeys<Row>(client, query, { projectId }, traceIds);
    const whole = await joinHistories(client, projectId, rows);
    return groupBy(whole, (row) => row['trace_id'] as string);
  };
  const [spans, logs] = await Promise.all([read(SPANS), read(LOGS)]);
  const found = new Set([...spans.keys(), ...logs.keys()]);
  return new Map(
    [...found].map((id) => [id, decodeTrace(spans.get(id) ?? [], logs.get(id) ?? [])]),
  );
}

/** The facts of several traces as one. */
export function joinFacts(traces: ReadonlyMap<string, FactsOfTrace>): TraceFacts {
  const all = [...traces.values()];
  return {
    spans: all.flatMap(({ spans }) => spans),
    logs: all.flatMap(({ logs }) => logs),
    shelves: [...new Set(all.flatMap(({ shelves }) => shelves))],
    known: new Map([...traces].map(([traceId, { known }]) => [traceId, known])),
  };
}

/** The facts of these traces. */
export async function readTraceFacts(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<TraceFacts> {
  return joinFacts(await readTraces(client, projectId, traceIds));
}

const STAMP_TIMES = `max(toUnixTimestamp64Milli(received_at)) AS received,
  max(toUnixTimestamp64Milli(restated_at)) AS restated`;
const OF_TRACES = `WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)} GROUP BY trace_id`;

/**
 * What tells whether the facts of a trace are those that were read: how many they are, and when the
 * newest was stored. Reads a fraction of what the facts are.
 */
export async function readStamps(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await selectByKeys<{ trace_id: string; stamp: string }>(
    client,
    `SELECT trace_id, concat(toString(sum(spans)), '/', toString(sum(logs)), '/', toString(max(received)), '/', toString(max(restated))) AS stamp
     FROM (SELECT trace_id, uniqExact(span_id) AS spans, 0 AS logs, ${STAMP_TIMES} FROM fact_spans ${OF_TRACES}
           UNION ALL
           SELECT trace_id, 0 AS spans, uniqExact(record_id) AS logs, ${STAMP_TIMES} FROM fact_logs ${OF_TRACES})
     GROUP BY trace_id`,
    { projectId },
    traceIds,
  );
  return new Map(rows.map(({ trace_id, stamp }) => [trace_id, stamp]));
}

/** The messages that these facts hold. What a history shares with the one before is not looked at again. */
export function hashesOf(facts: readonly (SpanFact | LogFact)[]): readonly string[] {
  const all = new Set<string>();
  let last: readonly string[] = [];
  const shortFirst = facts.toSorted((a, b) => a.inputHashes.length - b.inputHashes.length);
  for (const { systemHashes, inputHashes, outputHashes } of shortFirst) {
    const fresh = inputHashes.slice(sharedLength(inputHashes, last));
    for (const hash of [...systemHashes, ...fresh, ...outputHashes]) all.add(hash);
    last = inputHashes;
  }
  return [...all];
}

/** For each of these threads the traces on which its id was met. */
export async function findTraceIds(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await selectRows<{ thread_id: string; trace_ids: readonly string[] }>(
    client,
    `SELECT thread_id, groupUniqArray(trace_id) AS trace_ids FROM fact_thread_candidates
     WHERE project_id = {projectId:String} AND thread_id IN {threadIds:Array(String)} GROUP BY thread_id`,
    { projectId, threadIds },
  );
  return new Map(rows.map(({ thread_id, trace_ids }) => [thread_id, trace_ids]));
}

/** Those of the traces that have a part in a conversation, or had one. */
export async function findSpeaking(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await selectByKeys<{ trace_id: string }>(
    client,
    `SELECT DISTINCT trace_id FROM fact_thread_candidates
     WHERE project_id = {projectId:String} AND thread_id IN {keys:Array(String)} AND trace_id = thread_id`,
    { projectId },
    traceIds,
  );
  return rows.map(({ trace_id }) => trace_id);
}

/** A content with the shelf it stands on. */
export interface ReadContents {
  readonly contents: Contents;
  readonly shelfOf: ReadonlyMap<string, string>;
}

/** Contents by hash, from the shelves that the facts name. */
export async function readContents(
  client: ClickHouseClient,
  projectId: string,
  shelves: readonly string[],
  hashes: readonly string[],
): Promise<ReadContents> {
  const rows = await selectFromShelves<{ shelf: string; content_hash: string; message: string }>(
    client,
    `SELECT shelf, content_hash, message FROM fact_contents
     WHERE project_id = {projectId:String} AND shelf IN {shelves:Array(UUID)} AND content_hash IN {keys:Array(UUID)}
     LIMIT 1 BY content_hash`,
    projectId,
    { shelves, hashes },
  );
  return {
    contents: new Map(
      rows.map(({ content_hash, message }) => [content_hash, JSON.parse(message) as Message]),
    ),
    shelfOf: new Map(rows.map(({ content_hash, shelf }) => [content_hash, shelf])),
  };
}

/** Facts may be stored this long before a rebuild that did not see them was stamped. */
const REBUILD_LAG_SECONDS = 600;

/** Traces whose facts came about when the last rebuild ran, or later: a start rebuilds their threads again. */
export async function findStaleTraces(
  client: ClickHouseClient,
): Promise<readonly { readonly projectId: string; readonly traceId: string }[]> {
  const rows = await selectRows<{ project_id: string; trace_id: string }>(
    client,
    `WITH (SELECT max(rebuilt_at) FROM derived_threads) - INTERVAL {lag:UInt32} SECOND AS since
     SELECT DISTINCT project_id, trace_id FROM fact_thread_candidates WHERE received_at >= since
     UNION DISTINCT
     SELECT project_id, trace_id FROM derived_joins WHERE version >= toUnixTimestamp64Micro(since)`,
    { lag: REBUILD_LAG_SECONDS },
  );
  return rows.map(({ project_id, trace_id }) => ({ projectId: project_id, traceId: trace_id }));
}
