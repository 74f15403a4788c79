import type { Role } from '@colloquy/schema';
import type { Call, Step, StoredMessage } from './call.js';
import { isBlank } from './identity.js';

/** In which call messages stood, and on which side of it. */
export interface Side {
  readonly origin: 'input' | 'output';
  readonly call: Call;
}

/** One way in which a step of the conversation was said: a place in a message of some call. */
export interface Form extends Omit<Step, 'key'>, Side {}

/** One step of the conversation; a path from the root is what one call saw and said. */
export interface Node {
  readonly parent: Node | undefined;
  readonly key: string;
  readonly role: Role;
  readonly depth: number;
  readonly children: Map<string, Node>;
  /** First step of each message met here; outputs first, since they are the original. */
  readonly forms: Form[];
  /** The step last walked from here, and where it leads for good: histories come again and again. */
  trodden: { readonly step: Step; readonly next: Node } | undefined;
  /** True when nothing tied this step to what stands before it. */
  gap: boolean;
  /** True while its content is known from placeholders alone. */
  blank: boolean;
  /** True when it tells in short what was said before; a history may go on without it. */
  summary: boolean;
}

/** A system message and the step after which it stood in the history sent. */
export interface SystemMessage {
  readonly stored: StoredMessage;
  readonly after: Node;
  /** True when it tells in short what was said before. */
  readonly isSummary: boolean;
}

/** Where a call stands in the tree. */
export interface PlacedCall {
  readonly call: Call;
  readonly lane: string;
  readonly start: Node;
  /** The last step that was known before this call. */
  readonly joint: Node;
  readonly inputEnd: Node;
  /** The last step of each alternative answer; `inputEnd` alone when there was none. */
  readonly ends: readonly Node[];
  readonly systems: readonly SystemMessage[];
  /** True when a later call begins with what this one wrote: it summed up the conversation for it. */
  isSummariser: boolean;
  /** True when it has instructions of its own and what the user wrote stands in its history as a quote. */
  readonly isQuoting: boolean;
}

export interface Tree {
  readonly root: Node;
  readonly calls: readonly PlacedCall[];
}

export const stepsOf = (messages: readonly StoredMessage[]): readonly Step[] =>
  messages.flatMap(({ steps }) => steps);

/** The steps of a history without its instructions, which stand beside the path. */
export function spokenSteps(messages: readonly StoredMessage[]): readonly Step[] {
  const all: Step[] = [];
  for (const { message, steps } of messages)
    if (message.role !== 'system') for (const step of steps) all.push(step);
  return all;
}

export const createNode = (parent: Node | undefined, key: string, role: Role): Node => ({
  parent,
  key,
  role,
  depth: parent === undefined ? 0 : parent.depth + 1,
  children: new Map(),
  forms: [],
  trodden: undefined,
  gap: false,
  blank: isBlank(key),
  summary: false,
});

/** Keeps one form for each message; what came out of a call is the original, its echo is not. */
function addForm(node: Node, { stored, index, count }: Step, { origin, call }: Side): void {
  const known = node.forms.findIndex(
    (form) => form.stored.hash === stored.hash && form.index === index,
  );
  const isOriginal = node.forms[known]?.origin === 'input' && origin === 'output';
  if (known !== -1 && !isOriginal) return;
  node.forms[known === -1 ? node.forms.length : known] = { stored, index, count, origin, call };
}

/** The last step of the answer that this form is part of, going down from its node. */
function endOfAnswer(node: Node, form: Form): Node {
  let end = node;
  for (let index = form.index + 1; index < form.count; index += 1) {
    const next = [...end.children.values()].find(({ forms }) =>
      forms.some(({ stored, index: place }) => stored.hash === form.stored.hash && place === index),
    );
    if (next === undefined) break;
    end = next;
  }
  return end;
}

/**
 * Where the history goes on after a message that ended at this node. An echo may have lost the
 * end of the answer it repeats (a tool call beside text, say): then it goes on after the answer.
 */
function settle(node: Node): Node {
  const answer = node.forms.find(
    ({ origin, index, count }) => origin === 'output' && index < count - 1,
  );
  return answer === undefined ? node : endOfAnswer(node, answer);
}

/** The newest of those that follow a node with this role; of alternative answers the first. */
function newestOf(node: Node, role: Role, isWanted: (child: Node) => boolean): Node | undefined {
  let newest: Node | undefined;
  for (const child of node.children.values()) {
    if (child.role !== role || !isWanted(child)) continue;
    const isSibling = newest?.forms[0]?.call === child.forms[0]?.call;
    if (newest === undefined || !isSibling) newest = child;
  }
  return newest;
}

/** Whatever was said here in this role: an answer whole, where the placeholder stands for all of it. */
function atPlace(node: Node, { stored, count }: Step): Node | undefined {
  const found = newestOf(node, stored.message.role, () => true);
  const answer = found?.forms.find(({ origin, index }) => origin === 'output' && index === 0);
  return found === undefined || answer === undefined || count > 1
    ? found
    : endOfAnswer(found, answer);
}

/**
 * The known step that follows, exactly, as a damaged echo or by its place where the content of one
 * of both is not known; `undefined` when it is new.
 */
export function follow(node: Node, step: Step, origin: Side['origin']): Node | undefined {
  if (node.trodden?.step === step) return node.trodden.next;
  const { key, stored, index } = step;
  if (isBlank(key)) {
    if (origin === 'output') return undefined;
    return atPlace(node, step) ?? atPlace(settle(node), step);
  }
  const exact = node.children.get(key);
  if (exact !== undefined || origin === 'output') return exact;
  const { role } = stored.message;
  const unread = newestOf(node, role, ({ blank }) => blank);
  if (unread !== undefined || index > 0) return unread;
  const settled = settle(node);
  const known = settled.children.get(key) ?? newestOf(settled, role, ({ blank }) => blank);
  return known ?? followBeyond(settled, step);
}

/** Goes on after a summary that was put in between. */
function followBeyond(node: Node, step: Step): Node | undefined {
  for (const child of node.children.values()) {
    const beyond = child.summary ? follow(child, step, 'input') : undefined;
    if (beyond !== undefined) return beyond;
  }
  return undefined;
}

/** Makes the step that follows; those without content are told apart by their number. */
function append(node: Node, { key, stored, index }: Step, origin: Side['origin']): Node {
  const parent = origin === 'input' && index === 0 ? settle(node) : node;
  const own = isBlank(key) ? `${key}/${parent.children.size}` : key;
  const next = createNode(parent, own, stored.message.role);
  parent.children.set(own, next);
  return next;
}

/**
 * Follows the steps from a node, making those that are not there; returns the last.
 *
 * @param found - told of every step that is new, or whose content was not known before
 */
export function walk(
  from: Node,
  steps: readonly Step[],
  side: Side,
  found: (node: Node, key: string) => void,
): Node {
  let node = from;
  for (const step of steps) {
    if (node.trodden?.step === step && side.origin === 'input') {
      node = node.trodden.next;
      continue;
    }
    const known = follow(node, step, side.origin);
    const next = known ?? append(node, step, side.origin);
    const isRead = next.blank && !isBlank(step.key);
    if (isRead) {
      next.blank = false;
      next.parent?.children.set(step.key, next);
    }
    if (known === undefined || isRead) found(next, step.key);
    if (known === undefined || !isBlank(step.key)) addForm(next, step, side);
    if (!isBlank(step.key) && node.children.get(step.key) === next) node.trodden = { step, next };
    node = next;
  }
  return node;
}

/**
 * Where these steps begin when they are the last that were said: a log record may tell once more
 * what the call it belongs to has told. Words that nothing but such records tell are said again.
 */
export function findSaid(tip: Node, steps: readonly Step[]): Node | undefined {
  let node = tip;
  for (const { key } of steps.toReversed()) {
    if (node.key !== key || node.parent === undefined) return undefined;
    node = node.parent;
  }
  return tip.forms.some(({ call }) => !call.isDelta) ? node : undefined;
}

/** How many of the steps of a history, from the given one on, already follow the node. */
export function countKnown(from: Node, steps: readonly Step[], first: number): number {
  let node = from;
  let index = first;
  for (; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const next = node.trodden?.step === step ? node.trodden.next : follow(node, step, 'input');
    if (next === undefined) break;
    node = next;
  }
  return index - first;
}
