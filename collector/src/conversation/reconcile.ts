import type { ConversationMessage, Discrepancy, Message } from '@colloquy/schema';
import { digest } from '../digest.js';
import { commonSequence } from './common-sequence.js';
import { turnNumbers } from './turn-numbers.js';
import { sameness, type TrackedMessage } from './tracked.js';

/** A thread's messages with the tracked ones among them, and where both do not agree. */
export interface Reconciled {
  readonly messages: readonly ConversationMessage[];
  readonly discrepancies: readonly Discrepancy[];
}

/** A tracked message and the derived one that it is, to the letter or not. */
interface Pair {
  readonly tracked: TrackedMessage;
  readonly derived: ConversationMessage | undefined;
  readonly isAltered: boolean;
}

const isMain = ({ line }: ConversationMessage): boolean => line === 'main';

const textOf = ({ parts }: Pick<Message, 'parts'>): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.content.trim()] : [])).join('\n');

/** One text inside the other: a question put into a prompt, an answer with its sources cut off. */
function isAlike(tracked: Message, derived: Pick<Message, 'parts' | 'role'>): boolean {
  const [a, b] = [textOf(tracked), textOf(derived)];
  return tracked.role === derived.role && a !== '' && b !== '' && (a.includes(b) || b.includes(a));
}

/** Pairs what is left between two agreements: messages of one role, alike or the only ones there. */
function pairAltered(
  tracked: readonly TrackedMessage[],
  derived: readonly ConversationMessage[],
): ReadonlyMap<TrackedMessage, ConversationMessage> {
  const pairs = new Map<TrackedMessage, ConversationMessage>();
  let from = 0;
  for (const one of tracked) {
    const { role } = one.stored.message;
    const isOnly =
      tracked.filter(({ stored }) => stored.message.role === role).length === 1 &&
      derived.filter((message) => message.role === role).length === 1;
    const place = derived.findIndex(
      (message, index) =>
        index >= from && message.role === role && (isOnly || isAlike(one.stored.message, message)),
    );
    const found = derived[place];
    if (found === undefined) continue;
    pairs.set(one, found);
    from = place + 1;
  }
  return pairs;
}

/** Every tracked message with the message of the main line that it is. */
function pairUp(
  tracked: readonly TrackedMessage[],
  main: readonly ConversationMessage[],
): readonly Pair[] {
  const agreed = commonSequence(
    tracked.map(({ stored }) => sameness(stored.message)),
    main.map(sameness),
  );
  const pairs: Pair[] = [];
  let [nextTracked, nextMain] = [0, 0];
  for (const [t, m] of [...agreed, [tracked.length, main.length] as const]) {
    const left = tracked.slice(nextTracked, t);
    const altered = pairAltered(left, main.slice(nextMain, m));
    for (const one of left)
      pairs.push({ tracked: one, derived: altered.get(one), isAltered: altered.has(one) });
    const same = tracked[t];
    if (same !== undefined) pairs.push({ tracked: same, derived: main[m], isAltered: false });
    [nextTracked, nextMain] = [t + 1, m + 1];
  }
  return pairs;
}

/** True for what was reported twice in a row, where the model calls show it once. */
function isDoubled(pairs: readonly Pair[], index: number): boolean {
  const pair = pairs[index];
  const key = pair && sameness(pair.tracked.stored.message);
  if (pair?.derived !== undefined || key === undefined) return false;
  return [pairs[index - 1], pairs[index + 1]].some(
    (other) =>
      other?.derived !== undefined &&
      !other.isAltered &&
      sameness(other.tracked.stored.message) === key,
  );
}

/** What the user saw is what was tracked; what the call shows tells where it comes from. */
const merged = (derived: ConversationMessage, { trackedId, stored }: TrackedMessage) => ({
  ...derived,
  parts: sameness(derived) === sameness(stored.message) ? derived.parts : stored.message.parts,
  contentHash: sameness(derived) === sameness(stored.message) ? derived.contentHash : stored.hash,
  source: 'both' as const,
  trackedId,
});

const alone = (
  { trackedId, stored, createdAt, traceId, spanId }: TrackedMessage,
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
  toolExecutions: [],
  provenance: undefined,
});

/** The main line with what only the application knows put in by its time, between what both know. */
function weave(
  pairs: readonly Pair[],
  main: readonly ConversationMessage[],
  threadId: string,
): readonly ConversationMessage[] {
  const woven: ConversationMessage[] = [];
  const placeOf = new Map(main.map((message, index) => [message, index]));
  const places = pairs.map(({ derived }) => derived && placeOf.get(derived));
  let next = 0;
  for (const [index, { tracked, derived }] of pairs.entries()) {
    const end = places.slice(index).find((place) => place !== undefined) ?? main.length;
    const isLater = ({ createdAt }: ConversationMessage): boolean => createdAt > tracked.createdAt;
    const later = main.slice(next, end).findIndex(isLater);
    const stop = derived !== undefined || later === -1 ? end : next + later;
    woven.push(...main.slice(next, stop));
    next = stop;
    if (derived === undefined) woven.push(alone(tracked, threadId));
    else {
      woven.push(merged(derived, tracked));
      next = end + 1;
    }
  }
  return [...woven, ...main.slice(next)];
}

/** What people would have seen: words, and not the calls of tools on the way to them. */
const isForPeople = ({ role, parts }: ConversationMessage): boolean =>
  (role === 'user' || role === 'assistant') &&
  parts.some(({ type }) => type === 'text') &&
  !parts.some(({ type }) => type === 'tool_call');

/** True when the assistant speaks before the user does again. */
function isAnswered(main: readonly ConversationMessage[], index: number): boolean {
  for (let next = index + 1; next < main.length; next += 1) {
    const role = main[next]?.role;
    if (role === 'assistant' || role === 'user') return role === 'assistant';
  }
  return false;
}

const said = ({ role, parts }: Pick<Message, 'role' | 'parts'>) => ({ role, parts });

function* findDiscrepancies(
  pairs: readonly Pair[],
  main: readonly ConversationMessage[],
  roles: ReadonlySet<string>,
): Generator<Discrepancy> {
  // Where no model is at work, people talk to people: nothing is missing then.
  const hasCalls = main.some(({ source }) => source !== 'tracked');
  const byTracked = new Map(main.map((message) => [message.trackedId, message.messageId]));
  for (const [index, { tracked, derived, isAltered }] of pairs.entries()) {
    const { trackedId, stored } = tracked;
    const base = { trackedId, tracked: said(stored.message) };
    if (isDoubled(pairs, index)) yield { kind: 'doubled', ...base };
    else if (derived === undefined && hasCalls)
      yield { kind: 'missing_call', ...base, messageId: byTracked.get(trackedId) };
    else if (derived !== undefined && isAltered) {
      const { messageId } = derived;
      yield { kind: 'altered', ...base, messageId, derived: said(derived) };
    }
  }
  for (const [index, message] of main.entries()) {
    const { messageId, trackedId, source, role } = message;
    if (source === 'derived' && roles.has(role) && isForPeople(message))
      yield { kind: 'missing_message', messageId, derived: said(message) };
    if (role === 'user' && !isAnswered(main, index))
      yield { kind: 'unanswered', messageId, trackedId };
  }
}

/**
 * Brings together what the application reported and what its model calls show. Without tracked
 * messages nothing changes, and only questions without an answer are told of.
 */
export function reconcile(
  messages: readonly ConversationMessage[],
  tracked: readonly TrackedMessage[],
  threadId: string,
): Reconciled {
  const main = messages.filter(isMain);
  if (tracked.length === 0)
    return { messages, discrepancies: [...findDiscrepancies([], main, new Set())] };
  const pairs = pairUp(tracked, main);
  const shown = pairs.filter((_, index) => !isDoubled(pairs, index));
  const unnumbered = weave(shown, main, threadId);
  const turns = turnNumbers(unnumbered, 0);
  const woven = unnumbered.map((message, index) => ({ ...message, turn: turns[index] ?? 0 }));
  const roles = new Set(tracked.map(({ stored }) => stored.message.role));
  const turnOf = new Map(woven.map(({ messageId, turn }) => [messageId, turn]));
  const moved = new Map(
    main.map(({ messageId, turn }) => [turn, turnOf.get(messageId) ?? turn] as const),
  );
  const beside = messages
    .filter((message) => !isMain(message))
    .map((message) => ({ ...message, turn: moved.get(message.turn) ?? message.turn }));
  return {
    messages: [...woven, ...beside],
    discrepancies: [...findDiscrepancies(pairs, woven, roles)],
  };
}
