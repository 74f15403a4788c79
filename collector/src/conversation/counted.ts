import type { SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { markAbove, SPEAKING } from './generations.js';
import type { SpanNode } from './span-tree.js';

/** A span on which usage and cost are counted. */
export interface Counted {
  readonly node: SpanNode;
  /** Its fact; a wrapper has the model of the calls below it, where they agree on one. */
  readonly span: SpanFact;
}

const hasUsage = ({ span }: SpanNode): boolean =>
  span.inputTokens !== undefined || span.outputTokens !== undefined;

const tellsMore = (a: SpanNode, b: SpanNode): number => {
  const usage = Number(hasUsage(b)) - Number(hasUsage(a));
  const content = b.span.inputHashes.length - a.span.inputHashes.length;
  return usage || content || (a.span.spanId < b.span.spanId ? -1 : 1);
};

/** True where the second of two spans, which name one response, tells of the same call and not of a later one. */
function isSameCall({ span: a }: SpanNode, b: SpanNode): boolean {
  const { span } = b;
  const isOfItsTime =
    a.startTimeUnixNano <= span.endTimeUnixNano && span.startTimeUnixNano <= a.endTimeUnixNano;
  const isSameUsage = a.inputTokens === span.inputTokens && a.outputTokens === span.outputTokens;
  return isOfItsTime || isSameUsage || !hasUsage(b);
}

/**
 * One response is one call: an SDK's own span may stand beside that of an instrumentation, or ask for
 * the response again. Some servers draw its id from a few hundred, so that later calls have it too.
 */
function oncePerResponse(leaves: readonly SpanNode[]): readonly SpanNode[] {
  const tellers = groupBy(
    leaves.filter(({ span }) => span.responseId !== undefined),
    ({ span }) => span.responseId,
  );
  const repeated = new Set<SpanNode>();
  for (const same of tellers.values()) {
    const told: SpanNode[] = [];
    for (const leaf of same.toSorted(tellsMore))
      if (told.some((other) => isSameCall(other, leaf))) repeated.add(leaf);
      else told.push(leaf);
  }
  return leaves.filter((leaf) => !repeated.has(leaf));
}

/** What stands below others; a tool cuts off what it runs. Spans come before those below them. */
function markBelow(
  nodes: readonly SpanNode[],
  tops: ReadonlySet<SpanNode>,
): ReadonlyMap<SpanNode, SpanNode> {
  const topOf = new Map<SpanNode, SpanNode>();
  for (const node of nodes) {
    if (node.parent === undefined || node.span.kind === 'tool') continue;
    const top = tops.has(node.parent) ? node.parent : topOf.get(node.parent);
    if (top !== undefined) topOf.set(node, top);
  }
  return topOf;
}

type Model = Pick<SpanFact, 'providerName' | 'requestModel' | 'responseModel'>;

const modelOf = ({ providerName, requestModel, responseModel }: SpanFact): Model => ({
  providerName,
  requestModel,
  responseModel,
});

/** A wrapper that names no model is priced as the one model that was called below it. */
function withModel({ span }: SpanNode, below: readonly SpanNode[]): SpanFact {
  if (span.requestModel !== undefined || span.responseModel !== undefined) return span;
  const models = new Map(below.map((leaf) => [JSON.stringify(modelOf(leaf.span)), leaf.span]));
  const [only] = models.values();
  return only === undefined || models.size > 1 ? span : { ...span, ...modelOf(only) };
}

/**
 * The spans that are counted: every model call, which is an llm span with no llm span below it. A
 * span above that states a usage repeats theirs; where none of them states any, the nearest such
 * span is counted in their place. `design.md` section 6.
 */
export function findGenerations(nodes: readonly SpanNode[]): readonly Counted[] {
  const aboveLlm = markAbove(nodes, ({ span }) => span.kind === 'llm');
  const leaves = nodes.filter((node) => node.span.kind === 'llm' && !aboveLlm.has(node));
  const stating = new Set(leaves.filter(hasUsage));
  const isRepeating = markAbove(nodes, (node) => stating.has(node));
  const wrappers = new Set(
    nodes.filter(
      (node) =>
        SPEAKING.has(node.span.kind) &&
        hasUsage(node) &&
        !stating.has(node) &&
        !isRepeating.has(node),
    ),
  );
  const aboveWrapper = markAbove(nodes, (node) => wrappers.has(node));
  const standIns = new Set([...wrappers].filter((node) => !aboveWrapper.has(node)));
  const standInOf = markBelow(nodes, standIns);
  const replaced = groupBy(leaves, (leaf) => standInOf.get(leaf));
  const own = new Set(oncePerResponse(leaves).filter((leaf) => !standInOf.has(leaf)));
  return nodes.flatMap((node): readonly Counted[] => {
    if (own.has(node)) return [{ node, span: node.span }];
    if (!standIns.has(node)) return [];
    return [{ node, span: withModel(node, replaced.get(node) ?? []) }];
  });
}
