import type { SpanFact } from '@colloquy/schema';

/** A span with the spans below it, earliest first. */
export interface SpanNode {
  readonly span: SpanFact;
  readonly parent: SpanNode | undefined;
  readonly children: readonly SpanNode[];
}

const bySpanStart = (a: SpanFact, b: SpanFact): number => {
  if (a.startTimeUnixNano !== b.startTimeUnixNano)
    return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
};

const keyOf = (span: Pick<SpanFact, 'traceId'>, spanId: string): string =>
  `${span.traceId}/${spanId}`;

/** Spans whose parents lead back to themselves; a broken emitter can send such a ring. */
function isInRing(span: SpanFact, byKey: ReadonlyMap<string, SpanFact>): boolean {
  const seen = new Set<string>();
  let current: SpanFact | undefined = span;
  while (current?.parentSpanId !== undefined) {
    if (seen.has(current.spanId)) return true;
    seen.add(current.spanId);
    current = byKey.get(keyOf(current, current.parentSpanId));
  }
  return false;
}

/** The spans of any traces as trees. A span whose parent has not arrived stands as a root. */
export function buildSpanTrees(spans: readonly SpanFact[]): readonly SpanNode[] {
  const byKey = new Map(spans.map((span) => [keyOf(span, span.spanId), span]));
  const childrenOf = new Map<string, SpanFact[]>();
  const roots: SpanFact[] = [];
  for (const span of spans.toSorted(bySpanStart)) {
    const parentKey = span.parentSpanId === undefined ? undefined : keyOf(span, span.parentSpanId);
    if (parentKey === undefined || !byKey.has(parentKey) || isInRing(span, byKey)) roots.push(span);
    else childrenOf.set(parentKey, [...(childrenOf.get(parentKey) ?? []), span]);
  }
  const build = (span: SpanFact, parent: SpanNode | undefined): SpanNode => {
    const children: SpanNode[] = [];
    const node: SpanNode = { span, parent, children };
    const below = isInRing(span, byKey) ? [] : (childrenOf.get(keyOf(span, span.spanId)) ?? []);
    for (const child of below) children.push(build(child, node));
    return node;
  };
  return roots.map((root) => build(root, undefined));
}

/** A span and all above it, nearest first. */
export function* ancestors(node: SpanNode): Generator<SpanNode> {
  for (let current = node.parent; current !== undefined; current = current.parent) yield current;
}
