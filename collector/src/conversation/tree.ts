import { atomsOf, EMPTY_ANSWER } from './identity.js';
import type { Call, StoredMessage } from './call.js';

/** One way in which a step of the conversation was said: a place in a message of some call. */
export interface Form {
  readonly stored: StoredMessage;
  /** Which step of the message this is, of how many. */
  readonly index: number;
  readonly count: number;
  readonly origin: 'input' | 'output';
  readonly call: Call;
}

/** One step of the conversation; a path from the root is what one call saw and said. */
export interface Node {
  readonly parent: Node | undefined;
  readonly key: string;
  readonly depth: number;
  readonly children: Map<string, Node>;
  /** First step of each message met here; outputs first, since they are the original. */
  readonly forms: Form[];
  /** True when nothing tied this step to what stands before it. */
  gap: boolean;
}

/** A system message and the step after which it stood in the history sent. */
export interface SystemMessage {
  readonly stored: StoredMessage;
  readonly after: Node;
}

/** Where a call stands in the tree. */
export interface PlacedCall {
  readonly call: Call;
  readonly lane: string;
  readonly start: Node;
  readonly inputEnd: Node;
  /** The last step of each alternative answer; `inputEnd` alone when there was none. */
  readonly ends: readonly Node[];
  readonly systems: readonly SystemMessage[];
}

export interface Tree {
  readonly root: Node;
  readonly calls: readonly PlacedCall[];
}

export interface Step {
  readonly key: string;
  readonly form: Form;
}

/** Caches the steps of a message: a history is re-sent many times, its content is the same. */
export type AtomCache = Map<string, readonly string[]>;

function atomsFor(stored: StoredMessage, cache: AtomCache): readonly string[] {
  const known = cache.get(stored.hash);
  if (known !== undefined) return known;
  const atoms = atomsOf(stored.message);
  cache.set(stored.hash, atoms);
  return atoms;
}

export function stepsOf(
  messages: readonly StoredMessage[],
  origin: Form['origin'],
  call: Call,
  cache: AtomCache,
): readonly Step[] {
  return messages.flatMap((stored) => {
    const atoms = atomsFor(stored, cache);
    return atoms.map((key, index) => ({
      key,
      form: { stored, index, count: atoms.length, origin, call },
    }));
  });
}

export const createNode = (parent: Node | undefined, key: string): Node => ({
  parent,
  key,
  depth: parent === undefined ? 0 : parent.depth + 1,
  children: new Map(),
  forms: [],
  gap: false,
});

/** Keeps one form for each message; what came out of a call is the original, its echo is not. */
function addForm(node: Node, form: Form): void {
  const known = node.forms.findIndex(
    ({ stored, index }) => stored.hash === form.stored.hash && index === form.index,
  );
  if (known === -1) node.forms.push(form);
  else if (node.forms[known]?.origin === 'input' && form.origin === 'output')
    node.forms[known] = form;
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

/** An echo that lost all of an answer is the answer that was given there. */
function answerAt(node: Node): Node | undefined {
  for (const child of node.children.values()) {
    const answer = child.forms.find(({ origin, index }) => origin === 'output' && index === 0);
    if (answer !== undefined) return endOfAnswer(child, answer);
  }
  return undefined;
}

/** The known step that follows, exactly or as a damaged echo; `undefined` when it is new. */
export function follow(node: Node, { key, form }: Step): Node | undefined {
  const exact = node.children.get(key);
  if (exact !== undefined || form.origin === 'output' || form.index > 0) return exact;
  if (key === EMPTY_ANSWER) return answerAt(node);
  return settle(node).children.get(key);
}

/** Follows the steps from a node, making those that are not there; returns the last. */
export function walk(from: Node, steps: readonly Step[], created: (node: Node) => void): Node {
  let node = from;
  for (const step of steps) {
    let next = follow(node, step);
    if (next === undefined) {
      const parent = step.form.origin === 'input' && step.form.index === 0 ? settle(node) : node;
      next = createNode(parent, step.key);
      parent.children.set(step.key, next);
      created(next);
    }
    if (next.key === step.key) addForm(next, step.form);
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

/** How many of the steps, from the given one on, already follow the node. */
export function countKnown(from: Node, steps: readonly Step[], first: number): number {
  let node = from;
  let index = first;
  for (; index < steps.length; index += 1) {
    const step = steps[index];
    const next = step === undefined ? undefined : follow(node, step);
    if (next === undefined) break;
    node = next;
  }
  return index - first;
}
