import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation, LogFact, SpanFact } from '@colloquy/schema';
import { bindTraces } from './conversation/binding.js';
import type { PriceTable } from './conversation/price-table.js';
import { rebuild } from './conversation/rebuild.js';
import { LoadMemory } from './load-memory.js';
import { findBoundTraces, readJoined, type StoredTrace } from './store/joined-traces.js';
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

/** All traces of each thread, whichever of both knows of them. */
const merge = (a: TracesOfThread, b: TracesOfThread): TracesOfThread =>
  new Map(
    [...new Set([...a.keys(), ...b.keys()])].map((threadId) => [
      threadId,
      [...new Set([...(a.get(threadId) ?? []), ...(b.get(threadId) ?? [])])],
    ]),
  );

/** What a trace goes on from is known of it too, and newer than its facts when others came after it. */
function withJoins(known: TraceFacts['known'], histories: readonly StoredTrace[]) {
  const all = new Map(known);
  for (const { traceId, version } of histories) {
    const { count, newest } = all.get(traceId) ?? { count: 0, newest: 0 };
    all.set(traceId, { count, newest: Math.max(newest, Number(version / 1_000n)) });
  }
  return all;
}

/**
 * Rebuilds threads from their facts. Reads each trace once, however many of the threads it
 * might belong to.
 */
export async function loadThreads(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
  { inferThreads = true, memory = new LoadMemory(), prices = [] }: LoadOptions = {},
): Promise<readonly LoadedThread[]> {
  const [named, bound] = await Promise.all([
    findTraceIds(client, projectId, threadIds),
    findBoundTraces(client, projectId, threadIds),
  ]);
  const traceIdsOf = merge(named, bound);
  const traceIds = [...new Set([...traceIdsOf.values()].flat())];
  if (traceIds.length === 0) return [];
  const [{ spans, logs, shelves, known: facts }, histories] = await Promise.all([
    memory.facts.readTraceFacts(client, projectId, traceIds),
    bound.size === 0 ? [] : readJoined(client, projectId, traceIds),
  ]);
  const known = withJoins(facts, histories);
  const joined = new Map(histories.map(({ traceId, boundTo }) => [traceId, boundTo]));
  const threadOf = bindTraces(spans, logs, inferThreads ? joined : new Map());
  const wanted = new Set(threadIds);
  const isWanted = ({ traceId }: SpanFact | LogFact): boolean =>
    wanted.has(threadOf.get(traceId) ?? '');
  const hashes = hashesOf([...spans.filter(isWanted), ...logs.filter(isWanted)]);
  const { contents, shelfOf } = await memory.facts.readContents(client, projectId, shelves, hashes);
  return [...traceIdsOf].map(([threadId, candidates]) => {
    const isOwn = ({ traceId }: SpanFact | LogFact): boolean => threadOf.get(traceId) === threadId;
    const own = { threadId, spans: spans.filter(isOwn), logs: logs.filter(isOwn), contents };
    return {
      threadId,
      conversation: memory.rebuild(`${projectId}/${threadId}`, (kept) =>
        rebuild(own, { memory: kept, prices }),
      ),
      version: versionOf(known, candidates),
      versionOfTrace: (traceId) => versionOf(known, [traceId]),
      shelfOf,
    };
  });
}
