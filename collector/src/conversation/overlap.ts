import type { Step } from './call.js';
import type { Node } from './node.js';
import { countKnown } from './tree.js';

/** Where the history that a call sent joins what is known. */
export interface Alignment {
  readonly from: Node;
  /** What goes on from there. Left out is what stands further up, as a pinned first message does. */
  readonly steps: readonly Step[];
  /** Those of the steps that tell in short what was said before. */
  readonly summary: readonly Step[];
}

/** What a call sent. */
export interface History {
  readonly steps: readonly Step[];
  readonly traceId: string;
  /** The answer that the call says it continues. */
  readonly continued: Node | undefined;
  /** False for a call with other instructions, which has a history of its own making. */
  readonly mayBeCompacted: boolean;
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

const EMPTY: readonly Step[] = [];

export const goOn = (from: Node, steps: readonly Step[], summary = EMPTY): Alignment => ({
  from,
  steps,
  summary,
});

/** A history that was cut joins where the longest run of it is found; the newest such place. */
export function findOverlap(
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
