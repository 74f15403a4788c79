import type { ConversationMessage, LogFact, Provenance, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { byLogOrder } from './call-content.js';

type Teller = SpanFact | LogFact;
type Place = Pick<SpanFact, 'traceId' | 'spanId'>;

/** Where a teller has a content: what was said before what was sent, which may be equal to it. */
const SIDES: readonly ((teller: Teller) => readonly [hashes: readonly string[], key: string])[] = [
  ({ outputHashes, outputKey }) => [outputHashes, outputKey],
  ({ systemHashes, systemKey }) => [systemHashes, systemKey],
  ({ inputHashes, inputKey }) => [inputHashes, inputKey],
];

/** Whether a content stands in a list; a history's newest messages are asked for most. */
const holds = (hashes: readonly string[], hash: string): boolean => hashes.lastIndexOf(hash) !== -1;

const keysOf = ({ traceId, spanId }: Place): string => `${traceId}/${spanId}`;

/** Names the span on which the words stand; the rest is found by {@link attachProvenance}. */
export const readOn = ({ traceId, spanId }: Place): Provenance => ({
  key: '',
  dialect: '',
  ruleVersion: 0,
  traceId,
  spanId,
});

/**
 * Adds to each message which attribute or event of a span, or which log record, it was read from: on its
 * own span, unless another is named already.
 */
export function attachProvenance(
  messages: readonly ConversationMessage[],
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ConversationMessage[] {
  const tellers = groupBy<string, Teller>([...spans, ...logs.toSorted(byLogOrder)], keysOf);
  const records = new Map(logs.map((log) => [log.recordId, log]));
  const find = (message: ConversationMessage): Provenance | undefined => {
    const { traceId, spanId } = message.provenance ?? message;
    const record = records.get(spanId);
    const own = [...(tellers.get(keysOf({ traceId, spanId })) ?? []), ...(record ? [record] : [])];
    for (const sideOf of SIDES) {
      for (const teller of own) {
        const [hashes, key] = sideOf(teller);
        const [dialect = ''] = teller.dialects;
        if (key !== '' && holds(hashes, message.contentHash))
          return { key, dialect, ruleVersion: teller.ruleVersion, traceId, spanId };
      }
    }
    return undefined;
  };
  return messages.map((message) => ({ ...message, provenance: find(message) }));
}
