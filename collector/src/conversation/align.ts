import type { Node, Step } from './tree.js';
import { countKnown } from './tree.js';

/** Where the history that a call sent joins what is known. */
export interface Alignment {
  /** The step that the first message of the history follows. */
  readonly from: Node;
  /** True when nothing joined and the call was put after the newest message. */
  readonly gap: boolean;
}

export interface Known {
  readonly root: Node;
  /** Every node by the key of its step, oldest first. */
  readonly byKey: ReadonlyMap<string, readonly Node[]>;
  /** The last step of the newest call that belongs to the conversation itself. */
  readonly tip: Node;
  /** True once some call of the thread came without its history. */
  readonly hasGap: boolean;
}

/** Fewer known steps than this in a row may be chance ("ok", "thanks"). */
const MIN_OVERLAP = 2;

/** A history that was cut at its start joins where the longest run of it is found; the newest such place. */
function findOverlap(steps: readonly Step[], { byKey }: Known): Node | undefined {
  let best: Node | undefined;
  let longest = MIN_OVERLAP - 1;
  for (const node of byKey.get(steps[0]?.key ?? '') ?? []) {
    const length = 1 + countKnown(node, steps, 1);
    if (length >= longest && length >= MIN_OVERLAP) {
      best = node.parent;
      longest = length;
    }
  }
  return best;
}

/**
 * A thread whose calls send only what is new may see the same words twice; there, a lone
 * message that stands at the start already is said again, not re-sent.
 */
const isSaidAgain = (steps: readonly Step[], { hasGap, tip }: Known): boolean =>
  hasGap && steps.length === 1 && tip.depth > 2;

/**
 * Finds where a call's history joins the conversation: at its start, by the response it
 * continues, or by overlap. `undefined` when nothing joins.
 */
export function align(
  steps: readonly Step[],
  known: Known,
  continued: Node | undefined,
): Alignment | undefined {
  const atRoot = countKnown(known.root, steps, 0);
  if (atRoot > 0 && !isSaidAgain(steps, known)) return { from: known.root, gap: false };
  if (continued !== undefined) return { from: continued, gap: false };
  const overlap = findOverlap(steps, known);
  return overlap === undefined ? undefined : { from: overlap, gap: false };
}
