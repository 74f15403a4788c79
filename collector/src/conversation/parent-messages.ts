import type { SpanFact } from '@colloquy/schema';
import { ancestors, type SpanNode } from './span-tree.js';

type Place = Pick<SpanFact, 'traceId' | 'spanId'>;

const keyOf = ({ traceId, spanId }: Place): string => `${traceId}/${spanId}`;

/** The reported message that set off each span: told on it, or on the nearest span above. */
export function findParentMessages(
  nodes: readonly SpanNode[],
): (place: Place) => string | undefined {
  const found = new Map<string, string>();
  for (const node of nodes) {
    const teller = [node, ...ancestors(node)].find(
      ({ span }) => span.parentMessageId !== undefined,
    );
    const messageId = teller?.span.parentMessageId;
    if (messageId !== undefined) found.set(keyOf(node.span), messageId);
  }
  return (place) => found.get(keyOf(place));
}
