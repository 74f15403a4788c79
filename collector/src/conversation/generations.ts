import type { LogFact, ObservationKind, SpanFact } from '@colloquy/schema';
import { contentsOf, type CallContent } from './call-content.js';
import { heardInLoops } from './loops.js';
import type { SpanNode } from './span-tree.js';

/** A span that is the source of a call's content; one span may tell of several calls. */
export interface Carrier {
  readonly node: SpanNode;
  readonly content: CallContent;
  /** Place among the calls that the span tells of. */
  readonly sequence: number;
  readonly isSole: boolean;
}

/** Kinds whose input and output are messages of the conversation. */
export const SPEAKING: ReadonlySet<ObservationKind> = new Set(['llm', 'agent', 'chain', 'turn']);

const hasContent = ({ input, output }: CallContent): boolean =>
  input.length > 0 || output.length > 0;

/**
 * The spans above those that have a property. A tool stands between: what a model call below a tool
 * does (a sub-agent) is not what the call above it said. Spans come before those below them.
 */
export function markAbove(
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
 * Without those that tell of a response but not what it said, where another span tells that: an SDK's
 * own span may stand below that of an instrumentation and leave out what was streamed.
 */
function withWords(calls: readonly Carrier[]): readonly Carrier[] {
  const spoken = new Set(
    calls.flatMap(({ node, content }) => (content.output.length > 0 ? node.span.responseId : [])),
  );
  return calls.filter(
    ({ node: { span }, content }) =>
      content.output.length > 0 || span.responseId === undefined || !spoken.has(span.responseId),
  );
}

/** A graph gives all of its state: the history, with what it was asked, and only then what it said. */
function ofState(carrier: Carrier): Carrier {
  const { input, output } = carrier.content;
  const asked = output.lastIndexOf(input.at(-1) ?? '');
  if (asked === -1) return carrier;
  const history = output.slice(0, asked + 1);
  const instructions = input.filter((hash) => !history.includes(hash));
  const said = output.slice(asked + 1);
  const content = { ...carrier.content, input: [...instructions, ...history], output: said };
  return { ...carrier, content };
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
    .flatMap((node) =>
      contentsOf(node.span, logsOf(node.span)).map((content, sequence, all): Carrier => ({
        node,
        content,
        sequence,
        isSole: all.length === 1,
      })),
    )
    .filter(
      ({ node, content }) =>
        hasContent(content) && (SPEAKING.has(node.span.kind) || isLogged(content)),
    );
  const isCall = ({ node, content }: Carrier): boolean =>
    node.span.kind === 'llm' || isLogged(content);
  const calls = withWords(carriers.filter(isCall));
  const callers = new Set(calls.map(({ node }) => node));
  const above = markAbove(nodes, (node) => callers.has(node));
  const spoken = new Set(calls.map(({ node }) => node.span.traceId));
  return [
    ...heardInLoops(
      calls.filter(({ node }) => !above.has(node)),
      nodes,
    ),
    ...topmost(
      carriers.filter(({ node }) => !spoken.has(node.span.traceId)),
      nodes,
    ).map(ofState),
  ];
}

/** Log events of messages are a model call's, whatever the span they were written in is. */
const isLogged = ({ inputSource, outputSource }: CallContent): boolean =>
  inputSource === 'logs' || outputSource === 'logs';
