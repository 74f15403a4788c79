import type { LogFact, LosingCandidate, SpanFact, ThreadCandidate } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { buildSpanTrees, listNodes, type SpanNode } from './span-tree.js';

interface Ranked extends LosingCandidate {
  /** Steps below the root; among equal ranks the nearest to it wins. */
  readonly depth: number;
  readonly time: bigint;
}

const better = (a: Ranked, b: Ranked): number => {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.depth !== b.depth) return a.depth - b.depth;
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.threadId !== b.threadId) return a.threadId < b.threadId ? -1 : 1;
  return `${a.key}/${a.spanId}` < `${b.key}/${b.spanId}` ? -1 : 1;
};

const spanCandidates = ({ span, depth }: SpanNode): readonly Ranked[] =>
  span.threadCandidates.map((candidate) => ({
    ...candidate,
    traceId: span.traceId,
    spanId: span.spanId,
    depth,
    time: span.startTimeUnixNano,
  }));

/** Log records rank after the spans of equal standing: they hang somewhere below the root. */
const LOG_DEPTH = 1_000_000;

function rankAll(spans: readonly SpanFact[], logs: readonly LogFact[]): readonly Ranked[] {
  const ranked = [
    ...listNodes(buildSpanTrees(spans)).flatMap(spanCandidates),
    ...logs.flatMap((log) =>
      log.threadCandidates.map((candidate) => ({
        ...candidate,
        traceId: log.traceId,
        spanId: log.spanId,
        depth: LOG_DEPTH,
        time: log.timeUnixNano,
      })),
    ),
  ];
  return ranked.toSorted(better);
}

/**
 * Every thread id that one trace was given, the one it belongs to first. It may sit on any
 * span or log of the trace and arrive in any order; `design.md` section 5.
 */
export const rankCandidates = (
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ThreadCandidate[] =>
  rankAll(spans, logs).map(({ threadId, key, rank }) => ({ threadId, key, rank }));

/** The ids that the facts of one thread name beside its own, each by each key once. */
export function findLosers(
  own: string,
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly LosingCandidate[] {
  const isNamed = ({ threadCandidates }: SpanFact | LogFact): boolean =>
    threadCandidates.some(({ threadId }) => threadId !== own);
  const losers = new Map<string, LosingCandidate>();
  const ranked = spans.some(isNamed) || logs.some(isNamed) ? rankAll(spans, logs) : [];
  for (const { threadId, key, rank, traceId, spanId } of ranked) {
    const name = JSON.stringify([threadId, key]);
    if (threadId !== own && !losers.has(name))
      losers.set(name, { threadId, key, rank, traceId, spanId });
  }
  return [...losers.values()];
}

/**
 * Which thread each trace belongs to; a trace that names none is a thread of its own, unless it
 * goes on from another. Log records with neither trace nor thread belong nowhere.
 *
 * @param joined - the thread of each trace that nobody named and that others belong with
 */
export function bindTraces(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
  joined: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const spansOf = groupBy(spans, ({ traceId }) => traceId);
  const logsOf = groupBy(logs, ({ traceId }) => traceId);
  const traceIds = new Set([...spansOf.keys(), ...logsOf.keys()]);
  traceIds.delete('');
  return new Map(
    [...traceIds].map((traceId) => {
      const [best] = rankCandidates(spansOf.get(traceId) ?? [], logsOf.get(traceId) ?? []);
      return [traceId, best?.threadId ?? joined.get(traceId) ?? traceId];
    }),
  );
}
