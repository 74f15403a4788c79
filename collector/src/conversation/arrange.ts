import type { StoredMessage } from './call.js';
import { follow } from './follow.js';
import { isBlank } from './identity.js';
import type { Node } from './node.js';

/** Follows all steps of one message; `undefined` when one of them is new. */
function followMessage(node: Node, { steps }: StoredMessage): Node | undefined {
  let next: Node | undefined = node;
  for (const step of steps) next = next && follow(next, step, 'input');
  return next;
}

const idsOfCalls = ({ message }: StoredMessage): readonly string[] =>
  message.parts.flatMap((part) => (part.type === 'tool_call' ? (part.id ?? []) : []));

const isResultOf = ({ message }: StoredMessage, id: string): boolean =>
  message.parts.some((part) => part.type === 'tool_call_response' && part.id === id);

const isBy =
  (role: string) =>
  ({ message }: StoredMessage): boolean =>
    message.role === role;

/**
 * Puts what is new in order: the assistant speaks after others, others after it, and results come
 * behind the message that calls, in the order of its calls.
 */
function arrangeNew(
  known: readonly StoredMessage[],
  fresh: readonly StoredMessage[],
): readonly StoredMessage[] {
  const results = new Set(fresh.filter(isBy('tool')));
  const take = (ids: readonly string[]): readonly StoredMessage[] =>
    ids.flatMap((id) => {
      const result = [...results].find((stored) => isResultOf(stored, id));
      if (result !== undefined) results.delete(result);
      return result ?? [];
    });
  const ordered = [...take(known.flatMap(idsOfCalls))];
  const answers = fresh.filter(isBy('assistant'));
  const others = fresh.filter(
    (stored) => !results.has(stored) && !answers.includes(stored) && !ordered.includes(stored),
  );
  while (answers.length + others.length > 0) {
    const last = ordered.at(-1) ?? known.at(-1);
    const isAsked = last !== undefined && !isBy('assistant')(last);
    const next = (isAsked ? answers.shift() : others.shift()) ?? answers.shift() ?? others.shift();
    if (next !== undefined) ordered.push(next, ...take(idsOfCalls(next)));
  }
  return [...ordered, ...results];
}

/** A way through the conversation so far, as far as messages repeat it. */
interface Way {
  readonly told: readonly StoredMessage[];
  readonly unused: readonly StoredMessage[];
  /** The words of the user that the model answers have been lost. */
  readonly isLost: boolean;
}

function findWay(start: Node, messages: readonly StoredMessage[]): Way {
  const unused = [...messages];
  const told: StoredMessage[] = [];
  let node = start;
  const follows = (stored: StoredMessage): boolean => followMessage(node, stored) !== undefined;
  // What is the same comes before an echo of other words: a result may follow a call that was left out.
  const repeats = (stored: StoredMessage): boolean => {
    const key = stored.steps[0]?.key ?? '';
    const known = followMessage(node, stored);
    return known !== undefined && (isBlank(key) ? known.blank : node.children.has(key));
  };
  const isAnswered = (): boolean => node.forms.some(({ origin }) => origin === 'output');
  let isCollapsed = false;
  while (unused.length > 0 || isCollapsed) {
    const next = unused.find(repeats) ?? unused.find(follows) ?? told.find(repeats);
    if (next === undefined) break;
    if (unused.includes(next)) unused.splice(unused.indexOf(next), 1);
    told.push(next);
    node = followMessage(node, next) ?? node;
    isCollapsed ||= unused.length === 0 && isAnswered();
  }
  return { told, unused, isLost: isCollapsed && isAnswered() };
}

/** The longest way from anywhere, the newest of such, for a history that does not begin at the beginning. */
function findWindow(
  messages: readonly StoredMessage[],
  byKey: ReadonlyMap<string, readonly Node[]>,
): Way | undefined {
  const starts = messages.flatMap(({ steps }) =>
    (byKey.get(steps[0]?.key ?? '') ?? []).flatMap(({ parent }) => parent ?? []),
  );
  return [...new Set(starts)]
    .map((start) => ({ start, way: findWay(start, messages) }))
    .toSorted((a, b) => b.way.told.length - a.way.told.length || b.start.depth - a.start.depth)[0]
    ?.way;
}

/**
 * Puts messages in order that came as log records of one millisecond in several requests, where
 * nothing tells which came first. The conversation so far does: a history repeats it.
 *
 * Two equal records in two requests are one fact, as if the second were a retry. So a message may
 * stand in more than one place, and a history that ends with the model's own last answer has lost
 * the words that the model answers now: they are the last ones of the user.
 */
export function arrange(
  messages: readonly StoredMessage[],
  root: Node,
  byKey: ReadonlyMap<string, readonly Node[]>,
): readonly StoredMessage[] {
  const systems = messages.filter(isBy('system'));
  const spoken = messages.filter((stored) => !systems.includes(stored));
  const whole = findWay(root, spoken);
  const { told, unused, isLost } =
    whole.told.length > 0 ? whole : (findWindow(spoken, byKey) ?? whole);
  const lastUser = told.findLast(isBy('user'));
  const lost = isLost && lastUser !== undefined ? [lastUser] : [];
  return [...systems, ...told, ...arrangeNew(told, unused), ...lost];
}
