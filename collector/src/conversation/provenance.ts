import type { ConversationMessage, LogFact, Provenance, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';

type Teller = SpanFact | LogFact;

/** The side of a span or record on which a content stands. A history's newest messages are asked for most. */
function keyOf(teller: Teller, hash: string): string | undefined {
  if (teller.outputHashes.includes(hash)) return teller.outputKey;
  if (teller.systemHashes.includes(hash)) return teller.systemKey;
  return teller.inputHashes.lastIndexOf(hash) === -1 ? undefined : teller.inputKey;
}

const keysOf = ({ traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>): string =>
  `${traceId}/${spanId}`;

/** Adds to each message which attribute or event of its span, or which of its log records, it was read from. */
export function attachProvenance(
  messages: readonly ConversationMessage[],
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ConversationMessage[] {
  const tellers = groupBy<string, Teller>([...spans, ...logs], keysOf);
  const records = new Map(logs.map((log) => [log.recordId, log]));
  const find = ({ contentHash, ...place }: ConversationMessage): Provenance | undefined => {
    const record = records.get(place.spanId);
    for (const teller of [...(tellers.get(keysOf(place)) ?? []), ...(record ? [record] : [])]) {
      const key = keyOf(teller, contentHash);
      if (key !== undefined && key !== '')
        return { key, dialect: teller.dialects[0] ?? '', ruleVersion: teller.ruleVersion };
    }
    return undefined;
  };
  return messages.map((message) => ({ ...message, provenance: find(message) }));
}
