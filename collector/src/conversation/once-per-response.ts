import type { SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import type { SpanNode } from './span-tree.js';

const statesUsage = ({ inputTokens, outputTokens }: SpanFact): boolean =>
  inputTokens !== undefined || outputTokens !== undefined;

const tellsMore = ({ span: a }: SpanNode, { span: b }: SpanNode): number =>
  Number(statesUsage(b)) - Number(statesUsage(a)) ||
  b.inputHashes.length - a.inputHashes.length ||
  (a.spanId < b.spanId ? -1 : 1);

/**
 * Model calls without those that tell of a response once more: an SDK's own span may stand beside
 * that of an instrumentation, and a stored response may be fetched again.
 */
export function oncePerResponse(calls: readonly SpanNode[]): readonly SpanNode[] {
  const tellers = groupBy(calls, ({ span }) => span.responseId);
  const best = new Map(
    [...tellers].map(([responseId, same]) => [responseId, same.toSorted(tellsMore)[0]]),
  );
  return calls.filter(
    (call) => call.span.responseId === undefined || best.get(call.span.responseId) === call,
  );
}
