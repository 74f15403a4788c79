import type { ConversationMessage, Message } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { commonSequence } from './common-sequence.js';
import { sameWords, type TrackedMessage } from './tracked.js';

/** A tracked message and the derived one that it is, to the letter or not. */
export interface Pair {
  readonly tracked: TrackedMessage;
  readonly derived: ConversationMessage | undefined;
  readonly isAltered: boolean;
}

/** The id of the tracked message that set off the call which was sent a message first. */
export type SetOffBy = (message: ConversationMessage) => string | undefined;

const textOf = ({ parts }: Pick<Message, 'parts'>): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.content.trim()] : [])).join('\n');

/** One text inside the other: a question put into a prompt, an answer with its sources cut off. */
const isAlike = (a: string, b: string): boolean =>
  a !== '' && b !== '' && (a.includes(b) || b.includes(a));

/** The roles that one message alone has. */
function soleRoles(messages: readonly Pick<Message, 'role'>[]): ReadonlySet<string> {
  const groups = groupBy(messages, ({ role }) => role);
  return new Set([...groups].flatMap(([role, own]) => (own.length === 1 ? [role] : [])));
}

/** Pairs what is left between two agreements: messages of one role that are alike, tied or the only ones there. */
function pairAltered(
  tracked: readonly TrackedMessage[],
  derived: readonly ConversationMessage[],
  setOffBy: SetOffBy,
): ReadonlyMap<TrackedMessage, ConversationMessage> {
  const pairs = new Map<TrackedMessage, ConversationMessage>();
  const sole = soleRoles(tracked.map(({ stored }) => stored.message));
  const soleDerived = soleRoles(derived);
  const told = derived.map((message) => ({ message, text: textOf(message) }));
  let from = 0;
  for (const one of tracked) {
    const { role } = one.stored.message;
    const text = textOf(one.stored.message);
    const isOnly = sole.has(role) && soleDerived.has(role);
    const place = told.findIndex(
      (other, index) =>
        index >= from &&
        other.message.role === role &&
        (isOnly || setOffBy(other.message) === one.trackedId || isAlike(text, other.text)),
    );
    const found = derived[place];
    if (found === undefined) continue;
    pairs.set(one, found);
    from = place + 1;
  }
  return pairs;
}

/** Every tracked message with the message of the main line that it is. */
export function pairUp(
  tracked: readonly TrackedMessage[],
  main: readonly ConversationMessage[],
  setOffBy: SetOffBy,
): readonly Pair[] {
  const agreed = commonSequence(
    tracked.map(({ stored }) => sameWords(stored.message)),
    main.map(sameWords),
  );
  const pairs: Pair[] = [];
  let [nextTracked, nextMain] = [0, 0];
  for (const [t, m] of [...agreed, [tracked.length, main.length] as const]) {
    const left = tracked.slice(nextTracked, t);
    const altered = pairAltered(left, main.slice(nextMain, m), setOffBy);
    for (const one of left)
      pairs.push({ tracked: one, derived: altered.get(one), isAltered: altered.has(one) });
    const same = tracked[t];
    if (same !== undefined) pairs.push({ tracked: same, derived: main[m], isAltered: false });
    [nextTracked, nextMain] = [t + 1, m + 1];
  }
  return pairs;
}

/** True for what was reported twice in a row, where the model calls show it once. */
export function isDoubled(pairs: readonly Pair[], index: number): boolean {
  const pair = pairs[index];
  const key = pair && sameWords(pair.tracked.stored.message);
  if (pair?.derived !== undefined || key === undefined) return false;
  return [pairs[index - 1], pairs[index + 1]].some(
    (other) =>
      other?.derived !== undefined &&
      !other.isAltered &&
      sameWords(other.tracked.stored.message) === key,
  );
}
