import type { LogFact, SpanFact } from '@colloquy/schema';
import type { MessageReference } from './store/message-references.js';

/** The messages that these facts report, judge or were set off by. */
export function messageIdsOf(
  facts: readonly Pick<SpanFact | LogFact, 'messageId' | 'parentMessageId'>[],
): ReadonlySet<string> {
  const ids = facts.flatMap(({ messageId, parentMessageId }) => [messageId, parentMessageId]);
  return new Set(ids.filter((id) => id !== undefined));
}

/** A trace that a thread's message set off, or that judges one. */
export interface LinkedTrace {
  readonly traceId: string;
  readonly threadId: string;
  /** Milliseconds since 1970 when the newest of what tells so was stored. */
  readonly knownSince: number;
}

const byText = (a: MessageReference, b: MessageReference): number =>
  JSON.stringify([a.messageId, a.threadId]) < JSON.stringify([b.messageId, b.threadId]) ? -1 : 1;

/**
 * Finds for each trace the thread of the message that it names. Where several threads report a message,
 * the one whose id sorts first has it.
 */
export function linkTraces(references: readonly MessageReference[]): readonly LinkedTrace[] {
  const reported = new Map<string, MessageReference>();
  for (const reference of references.toSorted(byText))
    if (reference.kind === 'reported' && !reported.has(reference.messageId))
      reported.set(reference.messageId, reference);
  return references.flatMap(({ kind, messageId, traceId, receivedAt }) => {
    const message = reported.get(messageId);
    if (kind === 'reported' || message === undefined) return [];
    const threadId = message.threadId || message.traceId;
    return [{ traceId, threadId, knownSince: Math.max(receivedAt, message.receivedAt) }];
  });
}

/** The threads that may change with traces that name messages: those they belong to now, and before. */
export const threadsOfLinks = (references: readonly MessageReference[]): readonly string[] =>
  linkTraces(references).flatMap(({ traceId, threadId }) => [threadId, traceId]);
