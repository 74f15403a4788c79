import type { ClickHouseClient } from '@clickhouse/client';
import { threadsOfLinks } from '../message-links.js';
import { selectByKeys, selectRows } from '../store/client.js';
import { findReferences } from '../store/message-references.js';
import { findThreadTraces } from '../thread-loader.js';
import { findLetters } from './letters.js';
import type { Subject } from './subject.js';
import type { TargetKind } from './tables.js';
import type { Targets } from './targets.js';

export interface PlanOptions {
  readonly client: ClickHouseClient;
  readonly projectId: string;
  readonly inferThreads: boolean;
}

/** What is found for a subject, and what it has to do with others. */
export interface Plan {
  readonly targets: Targets;
  /** Traces that name the thread and belong to another by a better id. */
  readonly namedElsewhere: number;
  /** Threads of which only some spans go. */
  readonly sharedThreads: readonly string[];
}

type Found = Map<TargetKind, Set<string>>;

const add = (found: Found, kind: TargetKind, keys: Iterable<string>): void => {
  const known = found.get(kind) ?? new Set();
  for (const key of keys) if (key !== '') known.add(key);
  if (known.size > 0) found.set(kind, known);
};

/** Threads whose facts are read together. */
const THREADS_AT_ONCE = 20;

/** Everything of some threads: their traces, and what was said about their messages elsewhere. */
async function addThreads(
  { client, projectId, inferThreads }: PlanOptions,
  threadIds: readonly string[],
  found: Found,
): Promise<number> {
  let namedElsewhere = 0;
  for (let first = 0; first < threadIds.length; first += THREADS_AT_ONCE) {
    const piece = threadIds.slice(first, first + THREADS_AT_ONCE);
    for (const thread of await findThreadTraces(client, projectId, piece, { inferThreads })) {
      add(found, 'trace', thread.traceIds);
      add(found, 'message', thread.messageIds);
      add(
        found,
        'part',
        thread.judgements.map(({ traceId }) => traceId),
      );
      add(
        found,
        'span',
        thread.judgements.map(({ traceId, spanId }) => `${traceId}/${spanId}`),
      );
      namedElsewhere += thread.namedElsewhere;
    }
  }
  add(found, 'thread', threadIds);
  return namedElsewhere;
}

const OF_TRACES = `FROM (SELECT trace_id, user_id FROM fact_spans WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
  UNION ALL SELECT trace_id, user_id FROM fact_logs WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)})`;

const USERS = `SELECT trace_id, arrayFilter(id -> id != '', groupUniqArray(user_id)) AS users ${OF_TRACES} GROUP BY trace_id`;

/** Whose each trace is. */
async function readUsers(
  { client, projectId }: PlanOptions,
  traceIds: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await selectByKeys<{ trace_id: string; users: readonly string[] }>(
    client,
    USERS,
    { projectId },
    [...new Set(traceIds)],
  );
  return new Map(rows.map(({ trace_id, users }) => [trace_id, users]));
}

const THREADS = `SELECT DISTINCT thread_id FROM derived_traces FINAL
WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}`;

async function readThreads(
  { client, projectId }: PlanOptions,
  traceIds: Iterable<string>,
): Promise<readonly string[]> {
  const rows = await selectByKeys<{ thread_id: string }>(client, THREADS, { projectId }, [
    ...new Set(traceIds),
  ]);
  return [...new Set(rows.map(({ thread_id }) => thread_id))];
}

const TRACES_OF_USER = `SELECT DISTINCT trace_id FROM
(SELECT trace_id FROM fact_spans WHERE project_id = {projectId:String} AND user_id = {userId:String}
 UNION ALL SELECT trace_id FROM fact_logs WHERE project_id = {projectId:String} AND user_id = {userId:String})
WHERE trace_id != ''`;

const MESSAGES_OF_USER = `SELECT DISTINCT arrayJoin([message_id, parent_message_id]) AS id FROM
(SELECT message_id, parent_message_id FROM fact_spans WHERE project_id = {projectId:String} AND user_id = {userId:String}
 UNION ALL SELECT message_id, parent_message_id FROM fact_logs WHERE project_id = {projectId:String} AND user_id = {userId:String})
WHERE id != ''`;

/** Splits traces by whether others have a part in them. */
async function addTraces(
  options: PlanOptions,
  traceIds: readonly string[],
  userId: string,
  found: Found,
): Promise<void> {
  for (const [traceId, users] of await readUsers(options, traceIds)) {
    const isShared = users.some((user) => user !== userId);
    add(found, isShared ? 'part' : 'trace', [traceId]);
    if (isShared) add(found, 'changed_trace', [traceId]);
  }
}

/** The threads of one user alone go whole; of others, what this user has a part in. */
async function planUser(options: PlanOptions, userId: string, found: Found): Promise<Plan> {
  const { client, projectId, inferThreads } = options;
  const rows = await selectRows<{ trace_id: string }>(client, TRACES_OF_USER, {
    projectId,
    userId,
  });
  const traceIds = rows.map(({ trace_id }) => trace_id);
  const messages = await selectRows<{ id: string }>(client, MESSAGES_OF_USER, {
    projectId,
    userId,
  });
  const messageIds = messages.map(({ id }) => id);
  const threadIds = await readThreads(options, traceIds);
  const whole: string[] = [];
  const shared: string[] = [];
  for (let first = 0; first < threadIds.length; first += THREADS_AT_ONCE) {
    const piece = threadIds.slice(first, first + THREADS_AT_ONCE);
    for (const thread of await findThreadTraces(client, projectId, piece, { inferThreads })) {
      const users = [...(await readUsers(options, thread.traceIds)).values()].flat();
      const list = users.some((user) => user !== userId) ? shared : whole;
      list.push(thread.threadId);
    }
  }
  await addThreads(options, whole, found);
  await addTraces(options, traceIds, userId, found);
  const judged = threadsOfLinks(await findReferences(client, projectId, messageIds));
  add(found, 'user', [userId]);
  add(found, 'message', messageIds);
  add(found, 'changed_thread', [...shared, ...judged]);
  return { targets: found, namedElsewhere: 0, sharedThreads: shared.toSorted() };
}

const OLD = `SELECT trace_id FROM fact_spans WHERE project_id = {projectId:String} AND received_at < fromUnixTimestamp64Milli({before:Int64})
UNION DISTINCT
SELECT trace_id FROM fact_logs WHERE project_id = {projectId:String} AND received_at < fromUnixTimestamp64Milli({before:Int64})`;

const BOUND = (column: string, keys: string): string =>
  `SELECT ${column} FROM derived_traces FINAL WHERE project_id = {projectId:String} AND ${keys}`;

const NEARBY = `trace_id != '' AND (trace_id IN (${OLD})
  OR trace_id IN (${BOUND('trace_id', `thread_id IN (${BOUND('thread_id', `trace_id IN (${OLD})`)})`)}))`;

/** Threads as a whole: one that is still heard of keeps its first traces too. */
const EXPIRED = `SELECT thread, groupArray(trace_id) AS trace_ids FROM
(
  SELECT trace_id, received, if(bound.thread_id = '', trace_id, bound.thread_id) AS thread
  FROM (SELECT trace_id, max(received_at) AS received FROM
    (SELECT trace_id, received_at FROM fact_spans WHERE project_id = {projectId:String} AND ${NEARBY}
     UNION ALL
     SELECT trace_id, received_at FROM fact_logs WHERE project_id = {projectId:String} AND ${NEARBY})
    GROUP BY trace_id) AS facts
  LEFT JOIN (${BOUND('trace_id, thread_id', 'TRUE')}) AS bound USING trace_id
)
GROUP BY thread HAVING max(received) < fromUnixTimestamp64Milli({before:Int64})`;

async function planExpired(
  { client, projectId }: PlanOptions,
  before: number,
  found: Found,
): Promise<void> {
  const rows = await selectRows<{ thread: string; trace_ids: readonly string[] }>(client, EXPIRED, {
    projectId,
    before,
  });
  add(
    found,
    'thread',
    rows.map(({ thread }) => thread),
  );
  add(
    found,
    'trace',
    rows.flatMap(({ trace_ids }) => trace_ids),
  );
}

const FOLLOWERS = `SELECT DISTINCT trace_id FROM derived_joins FINAL
WHERE project_id = {projectId:String} AND (parent_trace_id IN {keys:Array(String)} OR root_trace_id IN {keys:Array(String)})`;

/** What changes with it: threads that lose a trace, and traces that go on from one. */
async function addChanged(options: PlanOptions, found: Found): Promise<void> {
  const { client, projectId } = options;
  const traceIds = [...(found.get('trace') ?? []), ...(found.get('part') ?? [])];
  const threadIds = found.get('thread');
  const losing = await readThreads(options, traceIds);
  const rows = await selectByKeys<{ trace_id: string }>(client, FOLLOWERS, { projectId }, traceIds);
  const following = rows
    .map(({ trace_id }) => trace_id)
    .filter((id) => found.get('trace')?.has(id) !== true);
  const joined = await readThreads(options, following);
  add(found, 'changed_trace', following);
  add(
    found,
    'changed_thread',
    [...losing, ...joined].filter((id) => threadIds?.has(id) !== true),
  );
}

/** Finds what belongs to a subject. Reads only. */
export async function plan(options: PlanOptions, subject: Subject): Promise<Plan> {
  const found: Found = new Map();
  let result: Plan = { targets: found, namedElsewhere: 0, sharedThreads: [] };
  switch (subject.kind) {
    case 'project':
      return result;
    case 'thread':
      result = { ...result, namedElsewhere: await addThreads(options, [subject.id], found) };
      break;
    case 'user':
      result = await planUser(options, subject.id, found);
      break;
    case 'late':
      if (subject.userId === undefined) add(found, 'trace', subject.traceIds);
      else {
        add(found, 'user', [subject.userId]);
        await addTraces(options, subject.traceIds, subject.userId, found);
      }
      break;
    case 'expired':
      await planExpired(options, subject.before, found);
      break;
  }
  await addChanged(options, found);
  if (subject.kind !== 'expired')
    add(found, 'letter', await findLetters(options.client, options.projectId, found));
  return result;
}
