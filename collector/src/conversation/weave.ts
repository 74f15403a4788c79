import type { ConversationMessage } from '@colloquy/schema';
import { digest } from '../digest.js';
import { NOTHING_ADDED } from './additions.js';
import type { Pair } from './pair-up.js';
import { sameWords, type TrackedMessage } from './tracked.js';

/** True where a call tells all that was tracked: the same words, and what goes with them. */
const tellsAll = (derived: ConversationMessage, { stored: { message } }: TrackedMessage): boolean =>
  sameWords(derived) === sameWords(message) && derived.parts.length >= message.parts.length;

/** What the user saw is what was tracked; what the call shows tells where it comes from. */
export function merged(derived: ConversationMessage, tracked: TrackedMessage): ConversationMessage {
  const { trackedId, stored, metadata } = tracked;
  const told = tellsAll(derived, tracked)
    ? {}
    : { parts: stored.message.parts, contentHash: stored.hash };
  return { ...derived, ...told, source: 'both', trackedId, metadata };
}

/** A message that only the application tells of. */
export const alone = (
  { trackedId, stored, metadata, createdAt, traceId, spanId }: TrackedMessage,
  threadId: string,
): ConversationMessage => ({
  messageId: digest(`${threadId}/tracked/${trackedId}`),
  role: stored.message.role,
  name: stored.message.name,
  parts: stored.message.parts,
  contentHash: stored.hash,
  createdAt,
  turn: 0,
  line: 'main',
  branch: 0,
  source: 'tracked',
  trackedId,
  traceId,
  spanId,
  historyGap: false,
  isSummary: false,
  ...NOTHING_ADDED,
  metadata,
});

/** The main line with what only the application knows put in by its time, between what both know. */
export function weave(
  pairs: readonly Pair[],
  main: readonly ConversationMessage[],
  threadId: string,
): readonly ConversationMessage[] {
  const woven: ConversationMessage[] = [];
  const placeOf = new Map(main.map((message, index) => [message, index]));
  /** For each pair where the next of the messages stands that both know. */
  const ends: number[] = [];
  let known = main.length;
  for (const { derived } of pairs.toReversed()) {
    known = (derived && placeOf.get(derived)) ?? known;
    ends.push(known);
  }
  let next = 0;
  for (const { tracked, derived } of pairs) {
    const end = ends.pop() ?? main.length;
    for (let before = main[next]; before !== undefined && next < end; before = main[next]) {
      if (derived === undefined && before.createdAt > tracked.createdAt) break;
      woven.push(before);
      next += 1;
    }
    if (derived === undefined) woven.push(alone(tracked, threadId));
    else {
      woven.push(merged(derived, tracked));
      next = end + 1;
    }
  }
  return [...woven, ...main.slice(next)];
}
