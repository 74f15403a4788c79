import { CONTENT_SOURCES, type ContentSource, type ObservationKind } from '@colloquy/schema';
import type { LogFact, SpanFact } from '@colloquy/schema';
import { ancestors, type SpanNode } from './span-tree.js';

/** Content of one call after choosing between what its span and its logs say. */
export interface CallContent {
  readonly input: readonly string[];
  readonly output: readonly string[];
  /** True when the messages of `input` came in several requests and bear the same time. */
  readonly inputIsUnordered: boolean;
  readonly inputSource: ContentSource;
  readonly outputSource: ContentSource;
}

/** A span that is the source of a call's content, or counts as a model call, or both. */
export interface Carrier {
  readonly node: SpanNode;
  readonly content: CallContent;
}

const rankOf = (source: ContentSource): number =>
  source === 'none' ? CONTENT_SOURCES.length : CONTENT_SOURCES.indexOf(source);

/** In the order in which they were written, as far as anything tells it. */
export const byLogOrder = (a: LogFact, b: LogFact): number => {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? -1 : 1;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.recordId < b.recordId ? -1 : 1;
};

/** Puts instructions that were given apart before the history, unless the history has them already. */
function withSystem(system: readonly string[], input: readonly string[]): readonly string[] {
  const missing = system.filter((hash) => !input.includes(hash));
  return [...missing, ...input];
}

/** Records of one request are numbered in a row; other numbers mean that several requests brought them. */
function isUnordered(ordered: readonly LogFact[]): boolean {
  return ordered.some((log, index) => {
    const next = ordered[index + 1];
    return (
      next !== undefined &&
      next.timeUnixNano === log.timeUnixNano &&
      next.sequence !== log.sequence + 1
    );
  });
}

/** All that the logs of one span say, in the order in which they were written. */
export function contentOfLogs(logs: readonly LogFact[]): CallContent {
  const ordered = logs.toSorted(byLogOrder);
  const system = ordered.flatMap(({ systemHashes }) => systemHashes);
  return {
    input: withSystem(
      [...new Set(system)],
      ordered.flatMap(({ inputHashes }) => inputHashes),
    ),
    output: ordered.flatMap(({ outputHashes }) => outputHashes),
    inputIsUnordered: isUnordered(ordered.filter(({ inputHashes }) => inputHashes.length > 0)),
    inputSource: 'logs',
    outputSource: 'logs',
  };
}

/** Chooses one source for input and one for output; two encodings of one call are never merged. */
export function contentOf(span: SpanFact, logs: readonly LogFact[]): CallContent {
  const fromLogs = contentOfLogs(logs);
  const logRank = rankOf('logs');
  const useLogInput = fromLogs.input.length > 0 && rankOf(span.inputSource) > logRank;
  const useLogOutput = fromLogs.output.length > 0 && rankOf(span.outputSource) > logRank;
  const input = useLogInput ? fromLogs.input : span.inputHashes;
  return {
    input: withSystem(span.systemHashes, input),
    output: useLogOutput ? fromLogs.output : span.outputHashes,
    inputIsUnordered: useLogInput && fromLogs.inputIsUnordered,
    inputSource: useLogInput ? 'logs' : span.inputSource,
    outputSource: useLogOutput ? 'logs' : span.outputSource,
  };
}

/** Kinds whose input and output are messages of the conversation. */
const SPEAKING: ReadonlySet<ObservationKind> = new Set(['llm', 'agent', 'chain', 'turn']);

const hasContent = ({ input, output }: CallContent): boolean =>
  input.length > 0 || output.length > 0;

/**
 * The spans above those that have a property. A tool stands between: what a model call below a tool
 * does (a sub-agent) is not what the call above it said. Spans come before those below them.
 */
function markAbove(
  nodes: readonly SpanNode[],
  has: (node: SpanNode) => boolean,
): ReadonlySet<SpanNode> {
  const marked = new Set<SpanNode>();
  for (const node of nodes.toReversed()) {
    if (node.parent === undefined || node.span.kind === 'tool') continue;
    if (marked.has(node) || has(node)) marked.add(node.parent);
  }
  return marked;
}

/** Those with none of them above. Spans come before those below them. */
function topmost(carriers: readonly Carrier[], nodes: readonly SpanNode[]): readonly Carrier[] {
  const speakers = new Set(carriers.map(({ node }) => node));
  const covered = new Set<SpanNode>();
  for (const node of nodes) {
    const { parent } = node;
    if (parent !== undefined && (speakers.has(parent) || covered.has(parent))) covered.add(node);
  }
  return carriers.filter(({ node }) => !covered.has(node));
}

/**
 * Finds the spans that content is taken from: the model calls, which are the leaves. What else
 * says something (agents, chains, tasks) repeats or prepares what calls say, so it is heard only in
 * traces where no call speaks, and there the outermost.
 */
export function findCarriers(
  nodes: readonly SpanNode[],
  logsOf: (span: SpanFact) => readonly LogFact[],
): readonly Carrier[] {
  const carriers = nodes
    .map((node): Carrier => ({ node, content: contentOf(node.span, logsOf(node.span)) }))
    .filter(
      ({ node, content }) =>
        hasContent(content) && (SPEAKING.has(node.span.kind) || isLogged(content)),
    );
  const isCall = ({ node, content }: Carrier): boolean =>
    node.span.kind === 'llm' || isLogged(content);
  const calls = carriers.filter(isCall);
  const callers = new Set(calls.map(({ node }) => node));
  const above = markAbove(nodes, (node) => callers.has(node));
  const spoken = new Set(calls.map(({ node }) => node.span.traceId));
  return [
    ...calls.filter(({ node }) => !above.has(node)),
    ...topmost(
      carriers.filter(({ node }) => !spoken.has(node.span.traceId)),
      nodes,
    ),
  ];
}

/** Log events of messages are a model call's, whatever the span they were written in is. */
const isLogged = ({ inputSource, outputSource }: CallContent): boolean =>
  inputSource === 'logs' || outputSource === 'logs';

const hasUsage = ({ span }: SpanNode): boolean =>
  span.inputTokens !== undefined || span.outputTokens !== undefined;

/** The nearest wrapper that states a usage; each span above a leaf is visited once. */
function findUsageAbove(leaf: SpanNode): SpanNode | undefined {
  for (const node of ancestors(leaf))
    if (SPEAKING.has(node.span.kind) && hasUsage(node)) return node;
  return undefined;
}

/**
 * The spans that count as model calls: every llm span with no llm span below it. Where a leaf
 * does not state its usage and is the only one in a wrapper that does, the wrapper stands in for
 * it; `design.md` section 6.
 */
export function findGenerations(nodes: readonly SpanNode[]): readonly SpanNode[] {
  const above = markAbove(nodes, ({ span }) => span.kind === 'llm');
  const leaves = nodes.filter((node) => node.span.kind === 'llm' && !above.has(node));
  const wrapperOf = new Map(
    leaves.filter((leaf) => !hasUsage(leaf)).map((leaf) => [leaf, findUsageAbove(leaf)]),
  );
  const leavesBelow = new Map<SpanNode, number>();
  const wrappers = new Set(wrapperOf.values());
  for (const leaf of wrappers.size === 0 ? [] : leaves) {
    for (const node of ancestors(leaf)) {
      if (wrappers.has(node)) leavesBelow.set(node, (leavesBelow.get(node) ?? 0) + 1);
    }
  }
  return leaves.map((leaf) => {
    const wrapper = wrapperOf.get(leaf);
    return wrapper !== undefined && leavesBelow.get(wrapper) === 1 ? wrapper : leaf;
  });
}
