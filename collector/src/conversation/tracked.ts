import type { JsonObject, LogFact, Message, SpanFact } from '@colloquy/schema';
import type { StoredMessage } from './call.js';
import { atomsOf, isBlank } from './identity.js';

/** A message that the application reported itself. */
export interface TrackedMessage {
  /** The application's own id for it. */
  readonly trackedId: string;
  readonly stored: StoredMessage;
  /** The ids of the message that it stands in place of, and of the one that it follows. */
  readonly replaces: string | undefined;
  readonly follows: string | undefined;
  readonly metadata: JsonObject;
  readonly createdAt: bigint;
  readonly traceId: string;
  readonly spanId: string;
}

type Teller = Pick<
  SpanFact,
  'kind' | 'messageId' | 'report' | 'inputHashes' | 'outputHashes' | 'traceId' | 'spanId'
>;

const read = (
  fact: Teller,
  createdAt: bigint,
  find: (hash: string) => StoredMessage,
): TrackedMessage | undefined => {
  const [hash] = [...fact.inputHashes, ...fact.outputHashes];
  if (hash === undefined) return undefined;
  const { messageId: trackedId = fact.spanId, report = {}, traceId, spanId } = fact;
  const { replaces, follows, metadata = {} } = report;
  const stored = find(hash);
  return { trackedId, stored, replaces, follows, metadata, createdAt, traceId, spanId };
};

const byTime = (a: TrackedMessage, b: TrackedMessage): number =>
  a.createdAt < b.createdAt ? -1 : Number(a.createdAt > b.createdAt);

/** True for what reports a message and is no call. */
export const isTracked = ({ kind }: Pick<SpanFact, 'kind'>): boolean => kind === 'message';

/**
 * The tracked messages of a thread in the order of their times; one that was tracked again under its
 * id is said anew. @param spans, logs - in order, which decides at equal times
 */
export function findTracked(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
  find: (hash: string) => StoredMessage,
): readonly TrackedMessage[] {
  const all = [
    ...spans.filter(isTracked).map((span) => read(span, span.startTimeUnixNano, find)),
    ...logs
      .filter(isTracked)
      .map((log) => read({ ...log, spanId: log.spanId || log.recordId }, log.timeUnixNano, find)),
  ].filter((message) => message !== undefined);
  const byId = new Map<string, TrackedMessage>();
  for (const message of all.toSorted(byTime)) {
    const known = byId.get(message.trackedId);
    byId.set(message.trackedId, { ...message, createdAt: known?.createdAt ?? message.createdAt });
  }
  return [...byId.values()].toSorted(byTime);
}

/** {@link sameness} of the words alone, where there are any: applications often track no more than those. */
export function sameWords({ role, parts }: Pick<Message, 'role' | 'parts'>): string | undefined {
  const words = parts.filter((part) => part.type === 'text' && part.content.trim() !== '');
  return sameness({ role, parts: words.length === 0 ? parts : words });
}

/** What two tellings of one message have in common; a redacted one is equal to nothing. */
function sameness({ role, parts }: Pick<Message, 'role' | 'parts'>): string | undefined {
  const atoms = atomsOf({ role, parts });
  return atoms.some(isBlank) ? undefined : atoms.join('|');
}
