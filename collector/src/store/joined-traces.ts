import type { ClickHouseClient } from '@clickhouse/client';
import type { BoundTrace, TraceHistory } from '@colloquy/schema';
import { digest } from '../digest.js';
import { selectByKeys } from './client.js';
import type { Row } from './gen-ai-columns.js';
import { formatNano } from './time.js';
import { insertRows } from './write-facts.js';

/** A row as it was read, with its version. */
export interface StoredTrace extends BoundTrace {
  /** Microseconds since 1970 when it was made. */
  readonly version: bigint;
}

/** By what traces are looked up. */
type KeyKind = 'begin' | 'end' | 'root' | 'thread';

const rootKey = (traceId: string): string => digest(`root/${traceId}`);
const threadKey = (threadId: string): string => digest(`thread/${threadId}`);

const SELECT = `SELECT trace_id, toUnixTimestamp64Nano(started_at) AS started_nano, user_id, given_thread_id,
  begins, ends, parent_trace_id, root_trace_id, is_ambiguous, thread_id, previous_thread_id, version
FROM derived_joins FINAL
WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}`;

interface HistoryRow {
  readonly trace_id: string;
  readonly started_nano: string;
  readonly user_id: string;
  readonly given_thread_id: string;
  readonly begins: readonly (readonly string[])[];
  readonly ends: readonly string[];
  readonly parent_trace_id: string;
  readonly root_trace_id: string;
  readonly is_ambiguous: boolean;
  readonly thread_id: string;
  readonly previous_thread_id: string;
  readonly version: string;
}

const decode = (row: HistoryRow): StoredTrace => ({
  traceId: row.trace_id,
  startedAt: BigInt(row.started_nano),
  userId: row.user_id,
  threadId: row.given_thread_id || undefined,
  begins: row.begins,
  ends: row.ends,
  parent: row.parent_trace_id || undefined,
  root: row.root_trace_id,
  isAmbiguous: row.is_ambiguous,
  boundTo: row.thread_id,
  boundBefore: row.previous_thread_id,
  version: BigInt(row.version),
});

const encode = (projectId: string, trace: BoundTrace, version: bigint): Row => ({
  project_id: projectId,
  trace_id: trace.traceId,
  started_at: formatNano(trace.startedAt),
  user_id: trace.userId,
  given_thread_id: trace.threadId ?? '',
  begins: trace.begins,
  ends: trace.ends,
  parent_trace_id: trace.parent ?? '',
  root_trace_id: trace.root,
  is_ambiguous: trace.isAmbiguous,
  thread_id: trace.boundTo,
  previous_thread_id: trace.boundBefore,
  version: String(version),
});

function encodeKeys(projectId: string, trace: BoundTrace, version: bigint): readonly Row[] {
  const keys: readonly (readonly [KeyKind, string])[] = [
    ...[...new Set(trace.begins.flat())].map((mark) => ['begin', mark] as const),
    ...trace.ends.map((mark) => ['end', mark] as const),
    ['root', rootKey(trace.root)],
    ['thread', threadKey(trace.boundTo)],
  ];
  return keys.map(([kind, key]) => ({
    project_id: projectId,
    key,
    kind,
    trace_id: trace.traceId,
    started_at: formatNano(trace.startedAt),
    version: String(version),
  }));
}

/** What these traces go on from. */
export async function readJoined(
  client: ClickHouseClient,
  projectId: string,
  traceIds: Iterable<string>,
): Promise<readonly StoredTrace[]> {
  const keys = [...new Set(traceIds)];
  return (await selectByKeys<HistoryRow>(client, SELECT, { projectId }, keys)).map(decode);
}

/** Writes rows and the keys by which they are found. @param version - microseconds since 1970 */
export async function writeJoined(
  client: ClickHouseClient,
  projectId: string,
  traces: readonly BoundTrace[],
  version: bigint,
): Promise<void> {
  // Keys first: a row that is found by no key would never be, a key without its row is nothing.
  await insertRows(
    client,
    new Map([['derived_join_keys', traces.flatMap((one) => encodeKeys(projectId, one, version))]]),
  );
  await insertRows(
    client,
    new Map([['derived_joins', traces.map((one) => encode(projectId, one, version))]]),
  );
}

const BY_KEY = `SELECT DISTINCT key, trace_id FROM derived_join_keys
WHERE project_id = {projectId:String} AND kind = {kind:String} AND key IN {keys:Array(UUID)}`;

interface KeyRow {
  readonly key: string;
  readonly trace_id: string;
}

/** The traces that are, or were, of conversations with these first traces. */
export async function findMembers(
  client: ClickHouseClient,
  projectId: string,
  roots: Iterable<string>,
): Promise<readonly string[]> {
  const keys = [...roots].map(rootKey);
  const rows = await selectByKeys<KeyRow>(client, BY_KEY, { projectId, kind: 'root' }, keys);
  return rows.map(({ trace_id }) => trace_id);
}

/** For each of these threads the traces that belong, or belonged, there by what they go on from. */
export async function findBoundTraces(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = new Map(threadIds.map((threadId) => [threadKey(threadId), threadId]));
  const params = { projectId, kind: 'thread' };
  const rows = await selectByKeys<KeyRow>(client, BY_KEY, params, [...ids.keys()]);
  const found = new Map<string, string[]>();
  for (const { key, trace_id } of rows) {
    const threadId = ids.get(key) ?? '';
    found.set(threadId, [...(found.get(threadId) ?? []), trace_id]);
  }
  return found;
}

/** How many traces are read that end at a mark before a time; the newest first. */
const MAX_ENDING = 16;

/** A mark and a time, in one key: `selectByKeys` takes one list. */
const ENDING = `SELECT DISTINCT key, trace_id FROM
(
  SELECT wanted, mark AS key, trace_id
  FROM (SELECT key, trace_id, argMax(started_at, version) AS started FROM derived_join_keys
    WHERE project_id = {projectId:String} AND kind = 'end'
      AND key IN (SELECT toUUID(splitByChar(' ', arrayJoin({keys:Array(String)}))[1]))
    GROUP BY key, trace_id) AS ended
  INNER JOIN (SELECT arrayJoin({keys:Array(String)}) AS wanted, toUUID(splitByChar(' ', wanted)[1]) AS mark,
    fromUnixTimestamp64Nano(toInt64(splitByChar(' ', wanted)[2])) AS before) AS asked
  ON ended.key = asked.mark
  WHERE started <= before AND started >= before - INTERVAL {lookBackSeconds:UInt32} SECOND
  ORDER BY started DESC, trace_id DESC LIMIT {most:UInt32} BY wanted
)`;

/** The traces that end, by the time each of `histories` began, where it may go on from. */
export async function findEnding(
  client: ClickHouseClient,
  projectId: string,
  histories: readonly TraceHistory[],
  lookBackSeconds: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = new Set(
    histories.flatMap(({ begins, startedAt }) =>
      begins.flat().map((mark) => `${mark} ${startedAt}`),
    ),
  );
  const params = { projectId, lookBackSeconds, most: MAX_ENDING };
  const rows = await selectByKeys<KeyRow>(client, ENDING, params, [...keys]);
  const found = new Map<string, string[]>();
  for (const { key, trace_id } of rows) found.set(key, [...(found.get(key) ?? []), trace_id]);
  return found;
}

const FOLLOWING = `SELECT DISTINCT trace_id FROM derived_join_keys
WHERE project_id = {projectId:String} AND kind = 'begin' AND key IN {keys:Array(UUID)}
  AND started_at >= fromUnixTimestamp64Nano({sinceNano:Int64})`;

/** The traces that may go on from these marks, of those that began at a time or later. */
export async function findFollowing(
  client: ClickHouseClient,
  projectId: string,
  ends: Iterable<string>,
  since: bigint,
): Promise<readonly string[]> {
  const params = { projectId, sinceNano: String(since) };
  const rows = await selectByKeys<KeyRow>(client, FOLLOWING, params, [...new Set(ends)]);
  return [...new Set(rows.map(({ trace_id }) => trace_id))];
}
