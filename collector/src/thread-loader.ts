import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation, LogFact, SpanFact } from '@colloquy/schema';
import { bindTraces } from './conversation/binding.js';
import { rebuild } from './conversation/rebuild.js';
import { findTraceIds, readContents, readTraceFacts, versionOf } from './store/read-facts.js';

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

const hashesOf = (facts: readonly (SpanFact | LogFact)[]): readonly string[] => [
  ...new Set(
    facts.flatMap(({ systemHashes, inputHashes, outputHashes }) => [
      ...systemHashes,
      ...inputHashes,
      ...outputHashes,
    ]),
  ),
];

/**
 * Rebuilds threads from their facts. Reads each trace once, however many of the threads it
 * might belong to.
 */
export async function loadThreads(
  client: ClickHouseClient,
  projectId: string,
  threadIds: readonly string[],
): Promise<readonly LoadedThread[]> {
  const traceIdsOf = await findTraceIds(client, projectId, threadIds);
  const traceIds = [...new Set([...traceIdsOf.values()].flat())];
  if (traceIds.length === 0) return [];
  const { spans, logs, shelves, known } = await readTraceFacts(client, projectId, traceIds);
  const threadOf = bindTraces(spans, logs, new Map());
  const wanted = new Set(threadIds);
  const isWanted = ({ traceId }: SpanFact | LogFact): boolean =>
    wanted.has(threadOf.get(traceId) ?? '');
  const hashes = hashesOf([...spans.filter(isWanted), ...logs.filter(isWanted)]);
  const { contents, shelfOf } = await readContents(client, projectId, shelves, hashes);
  return [...traceIdsOf].map(([threadId, candidates]) => {
    const isOwn = ({ traceId }: SpanFact | LogFact): boolean => threadOf.get(traceId) === threadId;
    const facts = { threadId, spans: spans.filter(isOwn), logs: logs.filter(isOwn), contents };
    return {
      threadId,
      conversation: rebuild(facts),
      version: versionOf(known, candidates),
      versionOfTrace: (traceId) => versionOf(known, [traceId]),
      shelfOf,
    };
  });
}
