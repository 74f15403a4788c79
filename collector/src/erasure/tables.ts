import type { Subject } from './subject.js';

/**
 * What an erasure has found, by kind: whole traces, traces of which a part goes, single spans in
 * those (`trace/span`), users whose spans go, messages by the application's ids, threads that go,
 * threads and traces that change, dead letters, hashes of contents and histories, those that nobody else has, and those that somebody
 * has come to have meanwhile.
 */
export type TargetKind =
  | 'trace'
  | 'part'
  | 'span'
  | 'user'
  | 'message'
  | 'thread'
  | 'changed_thread'
  | 'changed_trace'
  | 'content'
  | 'piece'
  | 'gone_content'
  | 'gone_piece'
  | 'letter'
  | 'kept_content'
  | 'kept_piece';

/** What a condition is made for. */
export interface Scope {
  readonly kind: Subject['kind'];
  /** Kinds of which there are targets: others are left out, so that sort keys are of use. */
  readonly found: ReadonlySet<TargetKind>;
}

type Condition = (scope: Scope) => string;

interface TableRule {
  /** Rows of threads, users and traces; none where this is left out. */
  readonly ofTargets?: Condition;
  /** Rows of a project; all where this is left out. */
  readonly ofProject?: string;
  /** Told in place of the rows: what an erasure itself keeps. */
  readonly keeps?: string;
}

const keysOf = (...kinds: readonly TargetKind[]): string =>
  `(SELECT key FROM erasure_targets WHERE erasure_id = {erasureId:UUID} AND kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}))`;

/** `FALSE` where none of the kinds was found. */
function among({ found }: Scope, column: string, ...kinds: readonly TargetKind[]): string {
  const own = kinds.filter((kind) => found.has(kind));
  return own.length === 0 ? 'FALSE' : `${column} IN ${keysOf(...own)}`;
}

function unshared(scope: Scope, column: string, gone: TargetKind, kept: TargetKind): string {
  const all = among(scope, column, gone);
  return scope.found.has(kept) && all !== 'FALSE'
    ? `(${all} AND NOT ${among(scope, column, kept)})`
    : all;
}

const anyOf = (...conditions: readonly string[]): string => {
  const possible = [...new Set(conditions)].filter((condition) => condition !== 'FALSE');
  return possible.length === 0 ? 'FALSE' : `(${possible.join(' OR ')})`;
};

const ERASED_AT = 'fromUnixTimestamp64Milli({erasedAt:Int64})';
const STARTED_BEFORE = 'fromUnixTimestamp64Milli({startedBefore:Int64})';
const EXPIRED_BEFORE = 'fromUnixTimestamp64Milli({expiredBefore:Int64})';
const arrivedBefore = (column: string): string => `${column} < ${ERASED_AT}`;

/** A record has no time of its own where its emitter did not say. */
const LOG_TIME = `if(toUnixTimestamp64Nano(time) = 0, observed_time, time)`;

const startedBefore = (column: string): string => `${column} < ${STARTED_BEFORE}`;

/** What begins later is new, even in an erased thread; what had arrived goes whatever its clock said. */
function isOld({ kind }: Pick<Scope, 'kind'>, start: string): string {
  if (kind === 'expired') return arrivedBefore('received_at');
  if (kind === 'late') return startedBefore(start);
  return `(${arrivedBefore('received_at')} OR ${startedBefore(start)})`;
}

const spans: Condition = (scope) => {
  const single = scope.found.has('span')
    ? `(trace_id IN ${keysOf('part')} AND concat(trace_id, '/', span_id) IN ${keysOf('span')})`
    : 'FALSE';
  const own = anyOf(among(scope, 'trace_id', 'trace'), single, among(scope, 'user_id', 'user'));
  return `${isOld(scope, 'start_time')} AND ${own}`;
};

const logs: Condition = (scope) => {
  const nowhere =
    scope.kind === 'expired' ? `(trace_id = '' AND received_at < ${EXPIRED_BEFORE})` : 'FALSE';
  const own = anyOf(among(scope, 'trace_id', 'trace'), nowhere, among(scope, 'user_id', 'user'));
  return `${isOld(scope, LOG_TIME)} AND ${own}`;
};

/** Every trace may have been taken for a thread of its own. */
const ofThreads: Condition = (scope) =>
  among(scope, 'thread_id', 'thread', 'changed_thread', 'trace');

const joins: Condition = (scope) => among(scope, 'trace_id', 'trace', 'part', 'changed_trace');

const ofProject = {
  spans: isOld({ kind: 'project' }, 'start_time'),
  logs: isOld({ kind: 'project' }, LOG_TIME),
};

const KEPT = 'proof of what was erased, and marks that keep late arrivals out';

/** Every table that holds something of a project, and which of its rows go. */
export const TABLES: Readonly<Record<string, TableRule>> = {
  fact_spans: { ofTargets: spans, ofProject: ofProject.spans },
  fact_logs: { ofTargets: logs, ofProject: ofProject.logs },
  fact_thread_candidates: {
    ofTargets: (scope) =>
      `${arrivedBefore('received_at')} AND ${among(scope, 'trace_id', 'trace')}`,
    ofProject: arrivedBefore('received_at'),
  },
  fact_message_references: {
    ofTargets: (scope) => {
      const single = `(${among(scope, 'trace_id', 'part')} AND ${among(scope, 'message_id', 'message')})`;
      const isSingle = scope.found.has('part') && scope.found.has('message');
      const own = anyOf(among(scope, 'trace_id', 'trace'), isSingle ? single : 'FALSE');
      return `${arrivedBefore('received_at')} AND ${own}`;
    },
    ofProject: arrivedBefore('received_at'),
  },
  fact_histories: {
    ofTargets: (scope) =>
      `${arrivedBefore('seen_at')} AND ${unshared(scope, 'toString(piece_hash)', 'gone_piece', 'kept_piece')}`,
    ofProject: arrivedBefore('seen_at'),
  },
  fact_contents: {
    ofTargets: (scope) =>
      `${arrivedBefore('seen_at')} AND ${unshared(scope, 'toString(content_hash)', 'gone_content', 'kept_content')}`,
    ofProject: arrivedBefore('seen_at'),
  },
  derived_threads: { ofTargets: ofThreads },
  derived_messages: { ofTargets: ofThreads },
  derived_generations: {
    ofTargets: (scope) => anyOf(ofThreads(scope), among(scope, 'trace_id', 'trace')),
  },
  derived_traces: { ofTargets: joins },
  derived_joins: { ofTargets: joins },
  derived_join_keys: { ofTargets: joins },
  dead_letters: {
    ofTargets: (scope) =>
      scope.kind === 'expired'
        ? `received_at < ${EXPIRED_BEFORE}`
        : `${arrivedBefore('received_at')} AND ${among(scope, 'letter_id', 'letter')}`,
    ofProject: arrivedBefore('received_at'),
  },
  // Names of services and days.
  derived_unnamed_days: {},
  project_settings: {},
  access_keys: {
    keeps: 'revoked keys without their names: without any row nobody is asked for one',
  },
  projects: {},
  erasures: { keeps: KEPT },
  erasure_marks: { keeps: KEPT },
  erasure_late: { keeps: KEPT },
  erasure_targets: { keeps: 'what an erasure has found; empty once it is done' },
};

/** A table of a version that this one does not know: by the columns that it has. */
export function ruleOf(table: string, columns: ReadonlySet<string>): TableRule {
  const known = TABLES[table];
  if (known !== undefined) return known;
  const has = (column: string, ...kinds: readonly TargetKind[]): Condition[] =>
    columns.has(column) ? [(scope) => among(scope, column, ...kinds)] : [];
  const conditions = [
    ...has('trace_id', 'trace'),
    ...has('thread_id', 'thread', 'trace'),
    ...has('user_id', 'user'),
  ];
  return conditions.length === 0
    ? {}
    : { ofTargets: (scope) => anyOf(...conditions.map((condition) => condition(scope))) };
}

/** The rows of a table that an erasure takes, for a `WHERE`; `undefined` for none at all. */
export function conditionOf(rule: TableRule, scope: Scope): string | undefined {
  if (rule.keeps !== undefined) return undefined;
  const own = scope.kind === 'project' ? (rule.ofProject ?? 'TRUE') : rule.ofTargets?.(scope);
  return own === undefined || own.endsWith('FALSE')
    ? undefined
    : `project_id = {projectId:String} AND ${own}`;
}

/** Facts first, so that what is derived is not made of them again; contents when nothing refers to them. */
const ORDER = Object.keys(TABLES);
export const byOrder = (a: string, b: string): number => rankOf(a) - rankOf(b) || (a < b ? -1 : 1);
const rankOf = (table: string): number => {
  const rank = ORDER.indexOf(table);
  return rank === -1 ? ORDER.length : rank;
};

/** Written by rebuilds: these wait while the rows of these tables go. */
export const isRebuilt = (table: string): boolean => table.startsWith('derived_');
