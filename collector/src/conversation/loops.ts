import type { CallContent } from './call-content.js';
import type { Carrier } from './generations.js';
import { ancestors, bySpanStart, type SpanNode } from './span-tree.js';

const isTool = ({ span }: SpanNode): boolean => span.kind === 'tool';

/** The spans above, up to the tool that what is below belongs to. */
function* wrappersOf(node: SpanNode): Generator<SpanNode> {
  for (const above of ancestors(node)) {
    if (isTool(above)) return;
    yield above;
  }
}

/** The nearest wrapper that tells what it was given. */
function loopOf(node: SpanNode): SpanNode | undefined {
  for (const above of wrappersOf(node)) if (above.span.inputHashes.length > 0) return above;
  return undefined;
}

/** How many calls each wrapper is around. */
function countCalls(carriers: readonly Carrier[]): ReadonlyMap<SpanNode, number> {
  const counts = new Map<SpanNode, number>();
  for (const { node } of carriers)
    for (const above of wrappersOf(node)) counts.set(above, (counts.get(above) ?? 0) + 1);
  return counts;
}

const isMute = ({ node: { span }, content, isSole }: Carrier): boolean =>
  span.kind === 'llm' && isSole && content.input.length === 0;

/**
 * Mastra's model calls tell neither what they were sent nor which tools they called. The loop around
 * them tells what it began with, the step around each of them all of its answer, and the tools what
 * they gave: together that is what each call of the loop was sent.
 */
export function heardInLoops(
  carriers: readonly Carrier[],
  nodes: readonly SpanNode[],
): readonly Carrier[] {
  const mute = new Map(carriers.filter(isMute).map((carrier) => [carrier.node, carrier]));
  if (mute.size === 0) return carriers;
  const callCounts = countCalls(carriers);
  const answerOf = ({ node, content }: Carrier): readonly string[] =>
    [...wrappersOf(node)].find(
      (above) => callCounts.get(above) === 1 && above.span.outputSource === 'messages',
    )?.span.outputHashes ?? content.output;
  /** What was said in each loop so far. */
  const saidIn = new Map<SpanNode, readonly string[]>();
  const heard = new Map<SpanNode, CallContent>();
  for (const node of nodes
    .filter((one) => mute.has(one) || isTool(one))
    .toSorted((a, b) => bySpanStart(a.span, b.span))) {
    const loop = loopOf(node);
    if (loop === undefined) continue;
    const said = saidIn.get(loop) ?? [];
    const carrier = mute.get(node);
    const output = carrier === undefined ? node.span.outputHashes : answerOf(carrier);
    saidIn.set(loop, [...said, ...output]);
    if (carrier === undefined) continue;
    const { systemHashes, inputHashes, inputSource } = loop.span;
    const input = [...systemHashes, ...inputHashes, ...said];
    heard.set(node, { ...carrier.content, input, inputSource, output });
  }
  return carriers.map((carrier) => ({
    ...carrier,
    content: heard.get(carrier.node) ?? carrier.content,
  }));
}
