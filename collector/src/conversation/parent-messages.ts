import type { SpanFact } from '@colloquy/schema';
import type { SpanNode } from './span-tree.js';

type Place = Pick<SpanFact, 'traceId' | 'spanId'>;

const keyOf = ({ traceId, spanId }: Place): string => `${traceId}/${spanId}`;

/**
 * The reported message that set off each span: told on it, or on the nearest span above.
 * @param nodes - each before those below it
 */
export function findParentMessages(
  nodes: readonly SpanNode[],
): (place: Place) => string | undefined {
  const found = new Map<string, string>();
  for (const node of nodes) {
    const above = node.parent && found.get(keyOf(node.parent.span));
    const messageId = node.span.parentMessageId ?? above;
    if (messageId !== undefined) found.set(keyOf(node.span), messageId);
  }
  return (place) => found.get(keyOf(place));
}
