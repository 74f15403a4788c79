import type { Call, Step, StoredMessage } from './call.js';
import { findAsking, newestOf, settle } from './answers.js';
import { isAskedOtherwise, isLonger } from './echo.js';
import { isFullerCall } from './fuller.js';
import { follow, followAltered } from './follow.js';
import { isBlank, spokenParts } from './identity.js';
import { addForm, createNode, type Node, type Side } from './node.js';

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

/** Where a new step goes: after the whole of the answer before it, with words or without. */
function placeFor(node: Node, { stored, index }: Step): Node {
  if (index > 0) return node;
  const settled = settle(node);
  const asking = findAsking(settled, stored.message);
  if (asking !== undefined) return asking;
  return stored.message.role === 'assistant'
    ? settled
    : (newestOf(settled, 'assistant', ({ silent }) => silent) ?? settled);
}

/** Makes the step that follows; those without content are told apart by their number. */
function append(node: Node, step: Step, origin: Side['origin']): Node {
  const { key, stored } = step;
  const parent = origin === 'input' ? placeFor(node, step) : node;
  const own = isBlank(key) ? `${key}/${parent.children.size}` : key;
  const next = createNode(parent, own, stored.message.role);
  next.silent = origin === 'output' && spokenParts(stored.message.parts).length === 0;
  parent.children.set(own, next);
  return next;
}

/**
 * Follows the steps from a node, making those that are not there; returns the last.
 *
 * @param found - told of every step that is new, or whose content was not known before
 * @param first - the step that follows `from`; those before it led there
 */
export function walk(
  from: Node,
  steps: readonly Step[],
  side: Side,
  found: (node: Node, key: string) => void,
  first = 0,
): Node {
  let node = from;
  let passed = 0;
  for (let index = first; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    if (step.index === 0) passed = 0;
    if (node.trodden === step && node.troddenTo !== undefined && side.origin === 'input') {
      node = node.troddenTo;
      continue;
    }
    const known = followHistory(node, steps, index, side.origin);
    if (known === node) {
      passed += 1;
      continue;
    }
    const next = known ?? append(node, step, side.origin);
    const isRead = next.blank && !isBlank(step.key);
    if (isRead) next.blank = false;
    if (known === undefined || isRead) found(next, step.key);
    if (known === undefined || isRead || isVersion(next, step))
      addForm(next, step, side, step.index - passed);
    tread(node, step, next);
    node = next;
  }
  return node;
}

/** The known step that follows in a history, as it was or altered. */
const followHistory = (
  node: Node,
  steps: readonly Step[],
  index: number,
  origin: Side['origin'],
): Node | undefined => {
  const step = steps[index];
  const known = step && follow(node, step, origin);
  if (known !== undefined || step === undefined || origin === 'output') return known;
  const { index: place, stored } = step;
  // Results told together are altered together.
  const mayBeAltered = place === 0 || stored.message.role === 'tool';
  return mayBeAltered ? followAltered(node, steps, index) : undefined;
};

/**
 * True for the words themselves, for more of them where an answer was not told whole, and for other
 * words of the user.
 */
const isVersion = (node: Node, step: Step): boolean =>
  node.key === step.key ||
  (!isBlank(step.key) &&
    (isLonger(node, step) || isFullerCall(node, step) || isAskedOtherwise(node.forms, step)));

/** Remembers where a step leads: its exact words for good, another version of them as an echo. */
function tread(node: Node, step: Step, next: Node): void {
  if (isBlank(step.key)) return;
  // Results are found by the ids of their calls: equal ones of another call are elsewhere.
  const isById = step.stored.message.role === 'tool' && next.parent !== node;
  if (!isById && node.children.get(step.key) !== next) node.echoes.set(step.key, next);
  node.trodden = step;
  node.troddenTo = next;
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
    const next =
      node.trodden === step ? node.troddenTo : followHistory(node, steps, index, 'input');
    if (next === undefined) break;
    node = next;
  }
  return index - first;
}
