import type { ConversationMessage, LogFact, Provenance, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { byLogOrder } from './call-content.js';

type Teller = SpanFact | LogFact;

/** Where a teller has a content: what was said before what was sent, which may be equal to it. */
const SIDES: readonly ((teller: Teller) => readonly [hashes: readonly string[], key: string])[] = [
  ({ outputHashes, outputKey }) => [outputHashes, outputKey],
  ({ systemHashes, systemKey }) => [systemHashes, systemKey],
  ({ inputHashes, inputKey }) => [inputHashes, inputKey],
];

/** Whether a content stands in a list; a history's newest messages are asked for most. */
const holds = (hashes: readonly string[], hash: string): boolean => hashes.lastIndexOf(hash) !== -1;

const keysOf = ({ traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>): string =>
  `${traceId}/${spanId}`;

/** Adds to each message which attribute or event of its span, or which of its log records, it was read from. */
export function attachProvenance(
  messages: readonly ConversationMessage[],
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ConversationMessage[] {
  const tellers = groupBy<string, Teller>([...spans, ...logs.toSorted(byLogOrder)], keysOf);
  const records = new Map(logs.map((log) => [log.recordId, log]));
  const find = ({ contentHash, ...place }: ConversationMessage): Provenance | undefined => {
    const record = records.get(place.spanId);
    const own = [...(tellers.get(keysOf(place)) ?? []), ...(record ? [record] : [])];
    for (const sideOf of SIDES) {
      for (const teller of own) {
        const [hashes, key] = sideOf(teller);
        if (key !== '' && holds(hashes, contentHash))
          return { key, dialect: teller.dialects[0] ?? '', ruleVersion: teller.ruleVersion };
      }
    }
    return undefined;
  };
  return messages.map((message) => ({ ...message, provenance: find(message) }));
}
