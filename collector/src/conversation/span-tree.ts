import type { SpanFact } from '@colloquy/schema';

/** A span with the spans below it, earliest first. */
export interface SpanNode {
  readonly span: SpanFact;
  readonly parent: SpanNode | undefined;
  readonly children: readonly SpanNode[];
  /** Steps below the root, which is at 0. */
  readonly depth: number;
}

/** The order of spans wherever one matters: it is that of their times, whatever came first. */
export const bySpanStart = (a: SpanFact, b: SpanFact): number => {
  if (a.startTimeUnixNano !== b.startTimeUnixNano)
    return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1;
  if (a.spanId !== b.spanId) return a.spanId < b.spanId ? -1 : 1;
  return a.traceId < b.traceId ? -1 : Number(a.traceId > b.traceId);
};

const keyOf = ({ traceId }: SpanFact, spanId: string): string => `${traceId}/${spanId}`;

/** Finds the parent of each span that has one here. */
function findParents(spans: readonly SpanFact[]): Map<SpanFact, SpanFact> {
  const byKey = new Map(spans.map((span) => [keyOf(span, span.spanId), span]));
  const parents = new Map<SpanFact, SpanFact>();
  for (const span of spans) {
    const parent =
      span.parentSpanId === undefined ? undefined : byKey.get(keyOf(span, span.parentSpanId));
    if (parent !== undefined) parents.set(span, parent);
  }
  return parents;
}

/** Opens rings: spans whose parents lead back to themselves, as a broken emitter may send. */
function openRings(parents: Map<SpanFact, SpanFact>): void {
  const safe = new Set<SpanFact>();
  for (const start of [...parents.keys()].toSorted(bySpanStart)) {
    const path = new Set<SpanFact>();
    let span: SpanFact | undefined = start;
    while (span !== undefined && !safe.has(span) && !path.has(span)) {
      path.add(span);
      span = parents.get(span);
    }
    if (span !== undefined && path.has(span)) parents.delete(span);
    for (const seen of path) safe.add(seen);
  }
}

/** The spans of any traces as trees. A span whose parent has not arrived stands as a root. */
export function buildSpanTrees(spans: readonly SpanFact[]): readonly SpanNode[] {
  const parents = findParents(spans);
  openRings(parents);
  const childrenOf = new Map<SpanFact, SpanFact[]>();
  const roots: SpanFact[] = [];
  for (const span of spans.toSorted(bySpanStart)) {
    const parent = parents.get(span);
    const siblings = parent === undefined ? roots : (childrenOf.get(parent) ?? []);
    siblings.push(span);
    if (parent !== undefined) childrenOf.set(parent, siblings);
  }
  const toNode = (
    span: SpanFact,
    parent?: SpanNode,
  ): SpanNode & { readonly children: SpanNode[] } => ({
    span,
    parent,
    children: [],
    depth: parent === undefined ? 0 : parent.depth + 1,
  });
  const trees = roots.map((root) => toNode(root));
  const open = [...trees];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of childrenOf.get(node.span) ?? []) {
      const below = toNode(child, node);
      node.children.push(below);
      open.push(below);
    }
  }
  return trees;
}

/** Every span of the trees, each before those below it. Traces can be deeper than a call stack. */
export function listNodes(roots: readonly SpanNode[]): readonly SpanNode[] {
  const nodes: SpanNode[] = [];
  const open = roots.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    nodes.push(node);
    for (const child of node.children.toReversed()) open.push(child);
  }
  return nodes;
}

/** A span and all above it, nearest first. */
export function* ancestors(node: SpanNode): Generator<SpanNode> {
  for (let current = node.parent; current !== undefined; current = current.parent) yield current;
}

/** The agent that a span is, or works for: named on it, or on the nearest span above. */
export const agentOf = (node: SpanNode): string | undefined =>
  node.span.agentName ??
  [...ancestors(node)].find(({ span }) => span.agentName !== undefined)?.span.agentName;
