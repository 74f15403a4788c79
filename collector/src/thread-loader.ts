import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation, LogFact, SpanFact } from '@colloquy/schema';
import { bindTraces } from './conversation/binding.js';
import type { PriceTable } from './conversation/price-table.js';
import { rebuild } from './conversation/rebuild.js';
import { groupBy } from './group-by.js';
import { LoadMemory } from './load-memory.js';
import { linkTraces, messageIdsOf, type LinkedTrace } from './message-links.js';
import { findBoundTraces, readJoined } from './store/joined-traces.js';
import { findReferences } from './store/message-references.js';
import { findTraceIds, hashesOf, versionOf, type TraceFacts } from './store/read-facts.js';

/** A thread as its facts give it now. */
export interface LoadedThread {
  readonly threadId: string;
  /** `undefined` when nothing belongs to the thread, or what does is no conversation. */
  readonly conversation: Conversation | undefined;
  readonly version: bigint;
  /** The version of what one trace alone says: which thread it belongs to. */
  readonly versionOfTrace: (traceId: string) => bigint;
  /** Where each content is kept, by its hash. */
  readonly shelfOf: ReadonlyMap<string, string>;
}

export interface LoadOptions {
  /** Whether traces without an id belong with those that they go on from. */
  readonly inferThreads?: boolean;
  /** The project's own prices. */
  readonly prices?: PriceTable;
  /** What earlier runs have kept; it saves time and changes nothing. */
  readonly memory?: LoadMemory;
}

type TracesOfThread = ReadonlyMap<string, readonly string[]>;

const tracesByThread = (links: readonly LinkedTrace[]): TracesOfThread =>
  new Map(
    [...groupBy(links, ({ threadId }) => threadId)].map(([threadId, own]) => [
      threadId,
      own.map(({ traceId }) => traceId),
    ]),
  );

/** All traces of each thread, whichever of both knows of them. */
const merge = (a: TracesOfThread, b: TracesOfThread): TracesOfThread =>
  new Map(
    [...new Set([...a.keys(), ...b.keys()])].map((threadId) => [
      threadId,
      [...new Set([...(a.get(threadId) ?? []), ...(b.get(threadId) ?? [])])],
    ]),
  );

const tracesIn = (traceIdsOf: TracesOfThread): readonly string[] => [
  ...new Set([...traceIdsOf.values()].flat()),
];

/** What a trace was bound by is known of it too, and newer than its facts when that came after it. */
function withBindings(
  known: TraceFacts['known'],
  bindings: readonly { readonly traceId: string; readonly knownSince: number }[],
): TraceFacts['known'] {
  const all = new Map(known);
  for (const { traceId, knownSince } of bindings) {
    const { count, newest } = all.get(traceId) ?? { count: 0, newest: 0 };
    all.set(traceId, { count, newest: Math.max(newest, knownSince) });
  }
  return all;
}

/** Judgements of its messages that stand in traces of other threads, where they name none themselves. */
const isJudgement = ({ kind, threadCandidates }: SpanFact): boolean =>
  kind === 'feedback' && threadCandidates.length === 0;

/** The traces that may belong to some threads, what they hold, and what binds them beside their own ids. */
interface Gathered {
  readonly traceIdsOf: TracesOfThread;
  readonly facts: TraceFacts;
  /** By what they go on from. */
  readonly joins: readonly LinkedTrace[];
  /** By the messages that they name. */
  readonly links: readonly LinkedTrace[];
}

/** Reads each trace once, however many of the threads it might belong to. */
async function gather(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
  memory: LoadMemory,
): Promise<Gathered> {
  const [named, bound] = await Promise.all([
    findTraceIds(client, projectId, threadIds),
    findBoundTraces(client, projectId, threadIds),
  ]);
  const unlinked = merge(named, bound);
  const traceIds = tracesIn(unlinked);
  const [own, histories] = await Promise.all([
    memory.facts.readTraceFacts(client, projectId, traceIds),
    bound.size === 0 ? [] : readJoined(client, projectId, traceIds),
  ]);
  const messageIds = messageIdsOf([...own.spans, ...own.logs]);
  const wanted = new Set(threadIds);
  const links = linkTraces(await findReferences(client, projectId, messageIds));
  const linked = tracesByThread(links.filter(({ threadId }) => wanted.has(threadId)));
  const traceIdsOf = merge(unlinked, linked);
  const all = tracesIn(traceIdsOf);
  const isWhole = all.length === traceIds.length;
  const facts = isWhole ? own : await memory.facts.readTraceFacts(client, projectId, all);
  const joins = histories.map(({ traceId, boundTo, version }) => ({
    traceId,
    threadId: boundTo,
    knownSince: Number(version / 1_000n),
  }));
  return { traceIdsOf, facts, joins, links };
}

/** The thread of each trace that was read. */
function bind(
  { facts, joins, links }: Gathered,
  inferThreads: boolean,
): ReadonlyMap<string, string> {
  const bindings = inferThreads ? [...joins, ...links] : links;
  return bindTraces(
    facts.spans,
    facts.logs,
    new Map(bindings.map(({ traceId, threadId }) => [traceId, threadId])),
  );
}

/** What belongs to a thread, by ids. */
export interface ThreadTraces {
  readonly threadId: string;
  readonly traceIds: readonly string[];
  /** Traces that name the thread, and belong to another. */
  readonly namedElsewhere: number;
  /** Judgements of its messages in traces of other threads. */
  readonly judgements: readonly Pick<SpanFact, 'traceId' | 'spanId'>[];
  /** Its messages that applications have reported, by their ids. */
  readonly messageIds: readonly string[];
}

/** Finds what belongs to threads, as {@link loadThreads} does. */
export async function findThreadTraces(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
  { inferThreads = true, memory = new LoadMemory() }: LoadOptions = {},
): Promise<readonly ThreadTraces[]> {
  const gathered = await gather(client, projectId, threadIds, memory);
  const threadOf = bind(gathered, inferThreads);
  const { spans, logs } = gathered.facts;
  const traceOf = groupBy([...threadOf], ([, threadId]) => threadId);
  return threadIds.map((threadId) => {
    const traceIds = (traceOf.get(threadId) ?? []).map(([traceId]) => traceId);
    const own = new Set(traceIds);
    const candidates = gathered.traceIdsOf.get(threadId) ?? [];
    const messageIds = messageIdsOf(
      [...spans, ...logs]
        .filter(({ traceId, kind }) => own.has(traceId) && kind === 'message')
        .map(({ messageId }) => ({ messageId, parentMessageId: undefined })),
    );
    return {
      threadId,
      traceIds,
      namedElsewhere: candidates.filter((id) => threadOf.has(id) && !own.has(id)).length,
      judgements: spans.filter(
        (span) =>
          isJudgement(span) && !own.has(span.traceId) && messageIds.has(span.messageId ?? ''),
      ),
      messageIds: [...messageIds],
    };
  });
}

/** Rebuilds threads from their facts. */
export async function loadThreads(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
  { inferThreads = true, memory = new LoadMemory(), prices = [] }: LoadOptions = {},
): Promise<readonly LoadedThread[]> {
  const gathered = await gather(client, projectId, threadIds, memory);
  const { traceIdsOf, facts, joins, links } = gathered;
  const { spans, logs } = facts;
  const known = withBindings(facts.known, [...joins, ...links]);
  const threadOf = bind(gathered, inferThreads);
  const wanted = new Set(threadIds);
  const isWanted = ({ traceId }: SpanFact | LogFact): boolean =>
    wanted.has(threadOf.get(traceId) ?? '');
  const hashes = hashesOf([...spans.filter(isWanted), ...logs.filter(isWanted)]);
  const { contents, shelfOf } = await memory.facts.readContents(
    client,
    projectId,
    facts.shelves,
    hashes,
  );
  const threadOfFact = ({ traceId }: SpanFact | LogFact): string | undefined =>
    threadOf.get(traceId);
  const spansOf = groupBy(spans, threadOfFact);
  const logsOf = groupBy(logs, threadOfFact);
  const judgements = spans.filter(isJudgement);
  return [...traceIdsOf].map(([threadId, candidates]) => {
    const thread = {
      threadId,
      spans: spansOf.get(threadId) ?? [],
      logs: logsOf.get(threadId) ?? [],
      contents,
      feedback: judgements.filter((span) => threadOfFact(span) !== threadId),
    };
    return {
      threadId,
      conversation: memory.rebuild(`${projectId}/${threadId}`, (kept) =>
        rebuild(thread, { memory: kept, prices }),
      ),
      version: versionOf(known, candidates),
      versionOfTrace: (traceId) => versionOf(known, [traceId]),
      shelfOf,
    };
  });
}
