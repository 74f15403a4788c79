import type { StoredMessage } from './call.js';
import { follow } from './follow.js';
import type { Node } from './node.js';

/** Follows all steps of one message; `undefined` when one of them is new. */
function followMessage(node: Node, { steps }: StoredMessage): Node | undefined {
  let next: Node | undefined = node;
  for (const step of steps) next = next && follow(next, step, 'input');
  return next;
}

/**
 * Puts messages in order that came as log records of one millisecond in several requests, where
 * nothing tells which came first. The conversation so far does: a history repeats it.
 *
 * Two equal records in two requests are one fact, as if the second were a retry. So a user
 * message may stand in more than one place, and a history that ends with the model's own last
 * answer has lost the words that the model answers now: they are the ones said before.
 */
export function arrange(messages: readonly StoredMessage[], root: Node): readonly StoredMessage[] {
  const ordered = messages.filter(({ message }) => message.role === 'system');
  const unused = messages.filter(({ message }) => message.role !== 'system');
  const users: StoredMessage[] = [];
  let node = root;
  while (unused.length > 0) {
    const fits = (stored: StoredMessage): boolean => followMessage(node, stored) !== undefined;
    // Words to the letter come before an echo of others: a result may follow a call that was left out.
    const isExact = ({ steps }: StoredMessage): boolean => node.children.has(steps[0]?.key ?? '');
    const next =
      unused.find((stored) => isExact(stored) && fits(stored)) ??
      unused.find(fits) ??
      users.find(fits);
    if (next === undefined) break;
    if (unused.includes(next)) unused.splice(unused.indexOf(next), 1);
    if (next.message.role === 'user') users.push(next);
    ordered.push(next);
    node = followMessage(node, next) ?? node;
  }
  const lastUser = users.at(-1);
  const endsWithAnswer = node.forms.some(({ origin }) => origin === 'output');
  const isLost = unused.length === 0 && endsWithAnswer && lastUser !== undefined;
  return [...ordered, ...unused, ...(isLost ? [lastUser] : [])];
}
