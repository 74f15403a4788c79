import { alignBlank } from './align-blank.js';
import { isBlank } from './identity.js';
import type { Step } from './call.js';
import { countKnown, type Node } from './tree.js';

/** Where the history that a call sent joins what is known. */
export interface Alignment {
  /** The step that the first message of the history follows, after those that are skipped. */
  readonly from: Node;
  /** Steps at its start that are known and stand further up: a pinned first message, say. */
  readonly skip: number;
}

/** What a call sent. */
export interface History {
  readonly steps: readonly Step[];
  readonly traceId: string;
  /** The answer that the call says it continues. */
  readonly continued: Node | undefined;
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

/** Fewer known steps than this in a row may be chance ("ok", "thanks"), unless they end at the tip. */
const MIN_OVERLAP = 2;

/** A history that was cut joins where the longest run of it is found; the newest such place. */
function findOverlap(
  steps: readonly Step[],
  first: number,
  { byKey, tip }: Known,
): Node | undefined {
  let best: Node | undefined;
  let longest = 1;
  for (const node of byKey.get(steps[first]?.key ?? '') ?? []) {
    // Further up it is not what was cut out but the same words said before.
    if (node.depth <= first) continue;
    const length = 1 + countKnown(node, steps, first + 1);
    if (length >= longest && (length >= MIN_OVERLAP || node === tip)) {
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
 * Finds where a call's history joins the conversation: by the response it continues, at its
 * start, or by overlap. `undefined` when nothing joins.
 */
export function align(history: History, known: Known): Alignment | undefined {
  const { steps, continued } = history;
  if (continued === undefined && steps.length > 0 && steps.every(({ key }) => isBlank(key)))
    return alignBlank(history, known);
  const atRoot = countKnown(known.root, steps, 0);
  if (continued !== undefined && atRoot < continued.depth) return { from: continued, skip: 0 };
  if (atRoot > 0 && !isSaidAgain(steps, known)) {
    const isCut = atRoot < steps.length && known.tip.depth > atRoot;
    const hop = isCut ? findOverlap(steps, atRoot, known) : undefined;
    return hop === undefined ? { from: known.root, skip: 0 } : { from: hop, skip: atRoot };
  }
  const overlap = findOverlap(steps, 0, known);
  return overlap === undefined ? undefined : { from: overlap, skip: 0 };
}
