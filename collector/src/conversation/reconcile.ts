import type { ConversationMessage, Discrepancy } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { findDiscrepancies } from './discrepancies.js';
import { isDoubled, pairUp, type SetOffBy } from './pair-up.js';
import { splitLines, type TrackedBranch } from './tracked-lines.js';
import { sameWords, type TrackedMessage } from './tracked.js';
import { turnNumbers } from './turn-numbers.js';
import { alone, merged, weave } from './weave.js';

/** A thread's messages with the tracked ones among them, and where both do not agree. */
export interface Reconciled {
  readonly messages: readonly ConversationMessage[];
  readonly discrepancies: readonly Discrepancy[];
}

const isMain = ({ line }: ConversationMessage): boolean => line === 'main';

/** Finds for tracked messages those of the derived branches that they are, each once. */
function matchBranches(
  tracked: readonly TrackedMessage[],
  messages: readonly ConversationMessage[],
): ReadonlyMap<ConversationMessage, TrackedMessage> {
  const free = groupBy(
    messages.filter(({ line }) => line === 'branch'),
    sameWords,
  );
  const matched = new Map<ConversationMessage, TrackedMessage>();
  for (const one of tracked) {
    const key = sameWords(one.stored.message);
    const found = key === undefined ? undefined : free.get(key)?.shift();
    if (found !== undefined) matched.set(found, one);
  }
  return matched;
}

/** Branches that only the application tells of, each with a number after those of the derived ones. */
function ownBranches(
  branches: readonly TrackedBranch[],
  derived: readonly ConversationMessage[],
  turnOf: (trackedId: string | undefined) => number,
  threadId: string,
): readonly ConversationMessage[] {
  let branch = derived.reduce((highest, message) => Math.max(highest, message.branch), 0);
  return branches.flatMap(({ after, messages }) => {
    branch += 1;
    const shown = messages.map((one) => alone(one, threadId));
    const turns = turnNumbers(shown, turnOf(after?.trackedId));
    return shown.map((message, index): ConversationMessage => ({
      ...message,
      line: 'branch',
      branch,
      turn: turns[index] ?? 0,
    }));
  });
}

/**
 * Brings together what the application reported and what its model calls show. Without tracked
 * messages nothing changes, and only questions without an answer are told of.
 *
 * @param setOffBy - the tracked message that set off the call which was sent a message first
 */
export function reconcile(
  messages: readonly ConversationMessage[],
  tracked: readonly TrackedMessage[],
  threadId: string,
  setOffBy: SetOffBy = () => undefined,
): Reconciled {
  const main = messages.filter(isMain);
  if (tracked.length === 0)
    return { messages, discrepancies: [...findDiscrepancies([], main, new Set())] };
  const lines = splitLines(tracked);
  const all = pairUp(lines.main, main, setOffBy);
  const leftOver = all.flatMap((pair) => (pair.derived === undefined ? [pair.tracked] : []));
  const givenUp = lines.branches.flatMap((branch) => branch.messages);
  const branched = matchBranches([...givenUp, ...leftOver], messages);
  const onBranches = new Set(branched.values());
  const pairs = all.filter((pair) => !onBranches.has(pair.tracked));
  const shown = pairs.filter((_, index) => !isDoubled(pairs, index));
  const unnumbered = weave(shown, main, threadId);
  const turns = turnNumbers(unnumbered, 0);
  const woven = unnumbered.map((message, index) => ({ ...message, turn: turns[index] ?? 0 }));
  const roles = new Set(tracked.map(({ stored }) => stored.message.role));
  const turnOf = new Map(woven.map(({ messageId, turn }) => [messageId, turn]));
  const turnOfTracked = new Map(woven.map(({ trackedId, turn }) => [trackedId, turn]));
  const moved = new Map(
    main.map(({ messageId, turn }) => [turn, turnOf.get(messageId) ?? turn] as const),
  );
  const beside = messages
    .filter((message) => !isMain(message))
    .map((message) => {
      const placed = { ...message, turn: moved.get(message.turn) ?? message.turn };
      const told = branched.get(message);
      return told === undefined ? placed : merged(placed, told);
    });
  const own = lines.branches.map((branch) => ({
    ...branch,
    messages: branch.messages.filter((message) => !onBranches.has(message)),
  }));
  return {
    messages: [
      ...woven,
      ...beside,
      ...ownBranches(own, beside, (id) => turnOfTracked.get(id) ?? 0, threadId),
    ],
    discrepancies: [...findDiscrepancies(pairs, woven, roles)],
  };
}
