import type { BoundTrace, Contents, ThreadCandidate, TraceAnswer } from '@colloquy/schema';
import { rankCandidates } from '../../conversation/binding.js';
import { findGenerations } from '../../conversation/counted.js';
import { priceOf } from '../../conversation/price.js';
import type { PriceTable } from '../../conversation/price-table.js';
import { rebuild } from '../../conversation/rebuild.js';
import { buildSpanTrees, listNodes } from '../../conversation/span-tree.js';
import type { StoredLog } from '../sql/read-logs.js';
import type { StoredSpan } from '../sql/read-spans.js';
import { encodeLog } from './log.js';
import { encodeCandidate } from './meaning.js';
import { encodeSpan } from './span.js';

/** Everything that is stored of one trace. */
export interface StoredTrace {
  readonly traceId: string;
  readonly spans: readonly StoredSpan[];
  readonly logs: readonly StoredLog[];
  readonly contents: Contents;
  /** What the trace goes on from, where that was looked for. */
  readonly joined: BoundTrace | undefined;
  /** The thread of the message that set it off. */
  readonly linkedTo: string | undefined;
}

/** Several spans of a trace usually carry the same id; each is told once. */
function distinct(candidates: readonly ThreadCandidate[]): readonly ThreadCandidate[] {
  const byText = new Map<string, ThreadCandidate>();
  for (const candidate of candidates) {
    const text = JSON.stringify(candidate);
    if (!byText.has(text)) byText.set(text, candidate);
  }
  return [...byText.values()];
}

/** The thread that a trace belongs to; one that nothing names or joins is its own, if it is a conversation. */
function threadOf(
  { traceId, linkedTo, spans, logs, contents, joined }: StoredTrace,
  best?: ThreadCandidate,
) {
  if (best !== undefined) return best.threadId;
  if (linkedTo !== undefined) return linkedTo;
  if (joined !== undefined) return joined.boundTo;
  const facts = { spans: spans.map(({ fact }) => fact), logs: logs.map(({ fact }) => fact) };
  const own = rebuild({ threadId: traceId, ...facts, contents });
  return own === undefined ? null : traceId;
}

/** A trace as the API tells it. */
export function encodeTrace(trace: StoredTrace, prices: PriceTable): TraceAnswer {
  const { traceId, spans, logs, contents } = trace;
  const byId = new Map(spans.map((span) => [span.fact.spanId, span]));
  const facts = spans.map(({ fact }) => fact);
  const nodes = listNodes(buildSpanTrees(facts));
  const generations = new Map(findGenerations(nodes).map((one) => [one.node.span, one.span]));
  const logFacts = logs.map(({ fact }) => fact);
  const candidates = distinct(rankCandidates(facts, logFacts));
  return {
    trace_id: traceId,
    thread_id: threadOf(trace, candidates[0]),
    thread_candidates: candidates.map(encodeCandidate),
    continues_trace_id: trace.joined?.parent ?? null,
    is_ambiguous: trace.joined?.isAmbiguous ?? false,
    spans: nodes.flatMap(({ span, depth }) => {
      const stored = byId.get(span.spanId);
      const counted = generations.get(span);
      const isGeneration = counted !== undefined;
      const price = counted && priceOf(counted, prices);
      return stored === undefined
        ? []
        : [encodeSpan(stored, { depth, isGeneration, price }, contents)];
    }),
    logs: logs.map((log) => encodeLog(log, contents)),
  };
}
