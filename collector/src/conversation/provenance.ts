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

/** Which attribute, event or record tells of a content. */
type Told = Pick<Provenance, 'key' | 'dialect' | 'ruleVersion'>;

type Look = (hash: string) => Told | undefined;

/** Each side of each teller that was kept under some key, best first. */
function* sidesOf(tellers: readonly Teller[]): Generator<readonly [readonly string[], Told]> {
  for (const sideOf of SIDES)
    for (const teller of tellers) {
      const [hashes, key] = sideOf(teller);
      const { dialects, ruleVersion } = teller;
      if (key !== '') yield [hashes, { key, dialect: dialects[0] ?? '', ruleVersion }];
    }
}

/** For a span alone, whose history is long; its newest messages are asked for most. */
const searched =
  (tellers: readonly Teller[]): Look =>
  (hash) => {
    for (const [hashes, told] of sidesOf(tellers)) if (hashes.lastIndexOf(hash) !== -1) return told;
    return undefined;
  };

/** For the records of one span, which may be many, each with little to tell. */
function indexed(tellers: readonly Teller[]): Look {
  const index = new Map<string, Told>();
  for (const [hashes, told] of sidesOf(tellers))
    for (const hash of hashes) if (!index.has(hash)) index.set(hash, told);
  return (hash) => index.get(hash);
}

/** More tellers than this are not gone through for each message. */
const MAX_SEARCHED = 8;

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
  const looks = new Map(
    [...tellers].map(([place, own]) => [
      place,
      own.length > MAX_SEARCHED ? indexed(own) : searched(own),
    ]),
  );
  const records = new Map(logs.map((log) => [log.recordId, searched([log])]));
  const find = (message: ConversationMessage): Provenance | undefined => {
    const { traceId, spanId } = message.provenance ?? message;
    const told =
      looks.get(keysOf({ traceId, spanId }))?.(message.contentHash) ??
      records.get(spanId)?.(message.contentHash);
    return told && { ...told, traceId, spanId };
  };
  return messages.map((message) => ({ ...message, provenance: find(message) }));
}
