import type { ConversationMessage, Discrepancy, Message } from '@colloquy/schema';
import { isDoubled, type Pair } from './pair-up.js';

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

/** Where what was reported and what the calls show do not agree. @param roles - that were reported at all */
export function* findDiscrepancies(
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
