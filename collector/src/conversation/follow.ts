import { partAt, type Step } from './call.js';
import { findEcho, isSameWords } from './echo.js';
import { findFuller } from './fuller.js';
import { isBlank } from './identity.js';
import { endOfAnswer, findAsking, newestOf, settle } from './answers.js';
import type { Node, Side } from './node.js';

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
 * of both is not known; the node itself when the answer that follows it has lost this step of its
 * echo; `undefined` when it is new.
 */
export function follow(node: Node, step: Step, origin: Side['origin']): Node | undefined {
  if (node.trodden === step) return node.troddenTo;
  const { key, stored, index } = step;
  if (isBlank(key)) {
    if (origin === 'output') return undefined;
    return atPlace(node, step) ?? atPlace(settle(node), step);
  }
  const exact = node.children.get(key);
  if (exact !== undefined || origin === 'output') return exact;
  if (index === 0) return followHere(node, step) ?? followBeyond(node, step);
  const heard = node.echoes.get(key) ?? newestOf(node, stored.message.role, ({ blank }) => blank);
  return heard ?? findFuller(node, step);
}

/** The message that begins with a step, where it stands right after the node, whole or as an echo. */
function followHere(node: Node, step: Step): Node | undefined {
  const { key, stored } = step;
  const { role } = stored.message;
  const settled = settle(node);
  return (
    node.children.get(key) ??
    node.echoes.get(key) ??
    newestOf(node, role, ({ blank }) => blank) ??
    settled.children.get(key) ??
    newestOf(settled, role, ({ blank }) => blank) ??
    findEcho(node, step) ??
    findAsking(settled, stored.message)?.children.get(key)
  );
}

/** What a history may leave out: a summary put in between, an answer without words. */
const passable = (node: Node, { stored: { message } }: Step): readonly Node[] =>
  [...settle(node).children.values()].filter(
    (child) => child.summary || (child.silent && message.role !== 'assistant'),
  );

/** Goes on after what may be left out, however much of it there is in a row; nearest first. */
function followBeyond(node: Node, step: Step): Node | undefined {
  const open = passable(node, step).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const known = followHere(next, step);
    if (known !== undefined) return known;
    for (const beyond of passable(next, step).toReversed()) open.push(beyond);
  }
  return undefined;
}

/** Words are altered to words, and calls to calls. */
const isSameKind = ({ forms }: Node, step: Step): boolean =>
  forms.some((form) => partAt(form)?.type === partAt(step)?.type);

/** A history is altered in its earlier messages, never in many at a time. */
const MAX_ALTERED = 8;

const isSummary = ({ summary }: Node): boolean => summary;

/**
 * The message that an altered one stands for: it has the same role and place, and what follows it is
 * known. Apps clear old tool results and leave out what they had added to a question. A summary put
 * in between is passed.
 */
export function followAltered(
  node: Node,
  steps: readonly Step[],
  index: number,
  left = MAX_ALTERED,
): Node | undefined {
  const [step, next, after] = steps.slice(index, index + 3);
  if (step === undefined || next === undefined || left === 0) return undefined;
  const { role, parts } = step.stored.message;
  const settled = settle(node);
  const altered = newestOf(settled, role, (child) => {
    const beyond = follow(child, next, 'input') ?? followAltered(child, steps, index + 1, left - 1);
    if (beyond === undefined || (role === 'assistant' && !isSameKind(child, step))) return false;
    if (
      role === 'tool' ||
      child.forms.some(({ stored }) => isSameWords(parts, stored.message.parts))
    )
      return true;
    // Other words: there has to be more that agrees, or nothing yet that could.
    if (after === undefined) return false;
    if (settle(beyond).children.size === 0) return true;
    return (
      follow(beyond, after, 'input') !== undefined ||
      followAltered(beyond, steps, index + 2, left - 1) !== undefined
    );
  });
  const summary = altered === undefined ? newestOf(settled, role, isSummary) : undefined;
  return summary === undefined ? altered : followAltered(summary, steps, index, left - 1);
}
