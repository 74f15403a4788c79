import type { ClickHouseClient } from '@clickhouse/client';
import { groupBy } from '../group-by.js';
import { selectByKeys, selectRows } from './client.js';
import { insertRows } from './write-facts.js';

/** A day of a service, counted from 1970. */
export interface ServiceDay {
  readonly serviceName: string;
  readonly day: number;
}

/** What is known of a trace before its facts are read. */
export interface TraceBrief {
  readonly traceId: string;
  /** Every id it was given. */
  readonly threadIds: readonly string[];
  /** The messages that it reports, judges or was set off by, by the application's ids. */
  readonly messageIds: readonly string[];
  /** Where and when its spans and logs speak; empty when it is no conversation. */
  readonly days: readonly ServiceDay[];
  /** Whether it may be a thread of its own: no id was met on it, or on a copy alone that is replaced by now. */
  readonly isOwnThread: boolean;
}

const BRIEF_COLUMNS = (id: string, time: string): string =>
  `trace_id, ${id} AS id, \`thread_candidates.thread_id\` AS ids, arrayFilter(id -> id != '', [message_id, parent_message_id]) AS named_ids, service_name, toUInt16(toDate(${time})) AS day,
  observation_kind != 'other' OR input_source != 'none' OR output_source != 'none' AS speaks,
  speaks OR notEmpty(system_hashes) AS is_conversation`;

const BRIEFS = `SELECT trace_id, groupUniqArrayArray(ids) AS thread_ids, groupUniqArrayArray(named_ids) AS message_ids,
  groupUniqArrayIf((service_name, day), speaks) AS days, max(is_conversation) AND (empty(thread_ids) OR count() > uniqExact(id)) AS is_own FROM
  (SELECT ${BRIEF_COLUMNS('span_id', 'start_time')} FROM fact_spans WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)}
   UNION ALL
   SELECT ${BRIEF_COLUMNS('toString(record_id)', 'time')} FROM fact_logs WHERE project_id = {projectId:String} AND trace_id IN {keys:Array(String)})
GROUP BY trace_id`;

interface BriefRow {
  readonly trace_id: string;
  readonly thread_ids: readonly string[];
  readonly message_ids: readonly string[];
  readonly days: readonly (readonly [serviceName: string, day: number])[];
  readonly is_own: number;
}

/** The ids that these traces were given, and where they speak. */
export async function readBriefs(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<readonly TraceBrief[]> {
  const rows = await selectByKeys<BriefRow>(client, BRIEFS, { projectId }, traceIds);
  return rows.map(({ trace_id, thread_ids, message_ids, days, is_own }) => ({
    traceId: trace_id,
    threadIds: thread_ids,
    messageIds: message_ids,
    days: days.map(([serviceName, day]) => ({ serviceName, day })),
    isOwnThread: is_own > 0,
  }));
}

/** Traces that are, or once were, a thread under their own id. */
const OWN_THREADS = `SELECT DISTINCT thread_id FROM derived_threads
WHERE project_id = {projectId:String} AND thread_id IN {keys:Array(String)}
UNION DISTINCT
SELECT DISTINCT thread_id FROM derived_messages
WHERE project_id = {projectId:String} AND thread_id IN {keys:Array(String)}`;

/**
 * The threads that a change of these traces may change: every id that was met on them; and their
 * own where no id was, or where they were a thread before it came. Most traces of a busy service
 * are no thread and never were one.
 */
export async function threadIdsOf(
  client: ClickHouseClient,
  projectId: string,
  briefs: readonly TraceBrief[],
): Promise<readonly string[]> {
  const own = briefs.filter(({ isOwnThread }) => isOwnThread);
  const others = briefs.filter(({ isOwnThread }) => !isOwnThread);
  const were = await selectByKeys<{ thread_id: string }>(
    client,
    OWN_THREADS,
    { projectId },
    others.map(({ traceId }) => traceId),
  );
  return [
    ...new Set([
      ...own.map(({ traceId }) => traceId),
      ...were.map(({ thread_id }) => thread_id),
      ...briefs.flatMap(({ threadIds }) => threadIds),
    ]),
  ];
}

const keyOf = ({ serviceName, day }: ServiceDay): string => `${day} ${serviceName}`;

/** Which of these days are marked; `isDone` asks for those whose older traces have been looked at. */
async function findMarked(
  client: ClickHouseClient,
  projectId: string,
  days: readonly ServiceDay[],
  isDone: boolean,
): Promise<ReadonlySet<string>> {
  const rows = await selectByKeys<{ service_name: string; day: number }>(
    client,
    `SELECT DISTINCT service_name, day FROM derived_unnamed_days
     WHERE project_id = {projectId:String} AND is_done >= {isDone:UInt8}
       AND concat(toString(day), ' ', service_name) IN {keys:Array(String)}`,
    { projectId, isDone: isDone ? 1 : 0 },
    [...new Set(days.map(keyOf))],
  );
  return new Set(rows.map(({ service_name, day }) => keyOf({ serviceName: service_name, day })));
}

/** Those of the traces whose service also sends traces without an id about that time. */
export async function amongUnnamed(
  client: ClickHouseClient,
  projectId: string,
  briefs: readonly TraceBrief[],
): Promise<readonly TraceBrief[]> {
  const days = briefs.flatMap((brief) => brief.days);
  const marked = days.length === 0 ? new Set() : await findMarked(client, projectId, days, false);
  return briefs.filter((brief) => brief.days.some((day) => marked.has(keyOf(day))));
}

/** The last day that the store can hold. */
const LAST_DAY = 0xffff;

/** The days up to this far before and after. */
const around = ({ serviceName, day }: ServiceDay, radius: number): readonly ServiceDay[] =>
  Array.from({ length: 2 * radius + 1 }, (_, index) => ({
    serviceName,
    day: day - radius + index,
  })).filter((one) => one.day >= 0 && one.day <= LAST_DAY);

const OF_DAYS = (table: string, time: string): string => `SELECT DISTINCT trace_id FROM ${table}
WHERE project_id = {projectId:String} AND trace_id != '' AND service_name = {serviceName:String}
  AND ${time} >= toDateTime64(toDate({first:UInt16}), 9, 'UTC') AND ${time} < toDateTime64(toDate({last:UInt16}) + 1, 9, 'UTC')
  AND (observation_kind != 'other' OR input_source != 'none' OR output_source != 'none')`;

/** All conversational traces of a service in some days. */
async function findTracesOf(
  client: ClickHouseClient,
  projectId: string,
  serviceName: string,
  days: readonly number[],
): Promise<readonly string[]> {
  const params = { projectId, serviceName, first: Math.min(...days), last: Math.max(...days) };
  const sql = `${OF_DAYS('fact_spans', 'start_time')} UNION DISTINCT ${OF_DAYS('fact_logs', 'time')}`;
  const rows = await selectRows<{ trace_id: string }>(client, sql, params);
  return rows.map(({ trace_id }) => trace_id);
}

/** Days that were not marked before, and the traces that came on them. */
export interface NewDays {
  readonly days: readonly ServiceDay[];
  readonly traceIds: readonly string[];
}

const NO_DAYS: NewDays = { days: [], traceIds: [] };

/** Remembers on which days around traces without an id those that have one are looked at too. */
export class UnnamedDays {
  readonly #client: ClickHouseClient;
  readonly #radius: number;
  readonly #done = new Set<string>();

  /** @param radius - how many days lie between traces of one conversation at the most */
  constructor(client: ClickHouseClient, radius: number) {
    this.#client = client;
    this.#radius = radius;
  }

  /** To be called when rows of a project were erased. */
  forget(projectId: string): void {
    for (const key of this.#done) if (key.startsWith(`${projectId} `)) this.#done.delete(key);
  }

  /**
   * Marks the days around these traces.
   *
   * @returns what nobody has looked at since it came; to be confirmed once that is done
   */
  async mark(projectId: string, unnamed: readonly TraceBrief[]): Promise<NewDays> {
    const nearby = new Map(
      unnamed
        .flatMap(({ days }) => days.flatMap((day) => around(day, this.#radius)))
        .map((day) => [keyOf(day), day]),
    );
    const unknown = [...nearby].filter(([key]) => !this.#done.has(`${projectId} ${key}`));
    if (unknown.length === 0) return NO_DAYS;
    const done = await findMarked(
      this.#client,
      projectId,
      unknown.map(([, day]) => day),
      true,
    );
    for (const key of done) this.#done.add(`${projectId} ${key}`);
    const days = unknown.filter(([key]) => !done.has(key)).map(([, day]) => day);
    // Marked first, then read: a trace that comes meanwhile is seen by one of both.
    await this.#write(projectId, days, false);
    const traceIds: string[] = [];
    for (const [serviceName, own] of groupBy(days, (day) => day.serviceName)) {
      const numbers = own.map(({ day }) => day);
      traceIds.push(...(await findTracesOf(this.#client, projectId, serviceName, numbers)));
    }
    return { days, traceIds };
  }

  /** To be called once the traces of these days have been looked at. */
  async confirm(projectId: string, days: readonly ServiceDay[]): Promise<void> {
    await this.#write(projectId, days, true);
    for (const day of days) this.#done.add(`${projectId} ${keyOf(day)}`);
  }

  async #write(projectId: string, days: readonly ServiceDay[], isDone: boolean): Promise<void> {
    const rows = days.map(({ serviceName, day }) => ({
      project_id: projectId,
      service_name: serviceName,
      day,
      is_done: isDone ? 1 : 0,
    }));
    await insertRows(this.#client, new Map([['derived_unnamed_days', rows]]));
  }
}
