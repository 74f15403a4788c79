import { alignBlank } from './align-blank.js';
import type { Step } from './call.js';
import { findCompacted, findSentAgain } from './compaction.js';
import { follow } from './follow.js';
import { isBlank } from './identity.js';
import { findOverlap, goOn, type Alignment, type History, type Known } from './overlap.js';
import { countKnown } from './tree.js';

/**
 * A thread whose calls send only what is new may see the same words twice; there, a lone
 * message that stands at the start already is said again, not re-sent.
 */
const isSaidAgain = (steps: readonly Step[], { hasGap, tip }: Known): boolean =>
  hasGap && steps.length === 1 && tip.depth > 2;

/** True unless the first message is known at the start by what follows it alone: elsewhere it may be known itself. */
const isHeardAtRoot = ([first]: readonly Step[], { root }: Known): boolean =>
  first !== undefined && follow(root, first, 'input') !== undefined;

/**
 * Finds where a call's history joins the conversation: by the response it continues, at its
 * start, or by overlap. `undefined` when nothing joins.
 */
export function align(history: History, known: Known): Alignment | undefined {
  const { steps, continued } = history;
  if (continued === undefined && steps.length > 0 && steps.every(({ key }) => isBlank(key)))
    return alignBlank(history, known);
  const sentAgain = continued === undefined ? findSentAgain(steps, known) : undefined;
  if (sentAgain !== undefined) return sentAgain;
  const way = known.trodden.follow(known.root, steps);
  const atRoot = way.length + countKnown(way.node, steps, way.length);
  if (continued !== undefined && atRoot < continued.depth) return goOn(continued, steps);
  if (atRoot > 0 && !isHeardAtRoot(steps, known)) {
    const heard = findOverlap(steps, 0, known, atRoot);
    if (heard !== undefined) return goOn(heard, steps);
  }
  const pinned = isSaidAgain(steps, known) ? 0 : atRoot;
  if (pinned > 0 && (pinned === steps.length || known.tip.depth <= pinned))
    return goOn(known.root, steps);
  const hop = findOverlap(steps, pinned, known);
  if (hop !== undefined) return goOn(hop, steps.slice(pinned));
  const compacted = history.mayBeCompacted ? findCompacted(steps, pinned, known) : undefined;
  return compacted ?? (pinned > 0 ? goOn(known.root, steps) : undefined);
}
