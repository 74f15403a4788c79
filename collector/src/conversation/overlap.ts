import { partAt, type Step } from './call.js';
import { isWithin } from './echo.js';
import type { Node } from './node.js';
import { countKnown } from './tree.js';
import type { TroddenPath } from './trodden-path.js';

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
  /** The way that the last history went. */
  readonly trodden: TroddenPath;
}

/** Fewer known steps than this in a row may be chance ("ok", "thanks"), unless they end at the tip. */
const MIN_OVERLAP = 2;

/** Shorter answers may be given again by chance. */
const MIN_WORDS = 16;

/** True for words that the assistant says but once: in a history they are no chance. */
const isTelling = (step: Step): boolean => {
  const part = partAt(step);
  return (
    step.stored.message.role === 'assistant' &&
    part?.type === 'text' &&
    part.content.length >= MIN_WORDS
  );
};

const EMPTY: readonly Step[] = [];

export const goOn = (from: Node, steps: readonly Step[], summary = EMPTY): Alignment => ({
  from,
  steps,
  summary,
});

/** A place where a history may join: what it goes on from, and how many of its steps are known there. */
interface Place {
  readonly from: Node | undefined;
  readonly length: number;
}

/** The longest run of what is known, no shorter than the best so far; the newest such place. */
function findRun(steps: readonly Step[], first: number, { byKey, tip }: Known, so: Place): Place {
  let best = so;
  const step = steps[first];
  if (step === undefined) return best;
  const least = isTelling(step) ? 1 : MIN_OVERLAP;
  for (const node of byKey.get(step.key) ?? []) {
    // Further up it is not what was cut out but the same words said before.
    if (node.depth <= first) continue;
    const length = 1 + countKnown(node, steps, first + 1);
    if (length >= best.length && (length >= least || node === tip))
      best = { from: node.parent, length };
  }
  return best;
}

/** Where the same answer was given more often, its newest places are looked at. */
const MAX_PLACES = 32;

/** True where a question was asked within more words, and not where a summary tells of it in more. */
const isAskedIn = ({ forms }: Node, { stored }: Step): boolean =>
  forms.some((form) => isWithin(stored.message.parts, form.stored.message.parts));

/**
 * The same for a history that begins with a question in fewer words than it was asked in: apps that
 * retrieve send what they found with the newest question alone. It is found by the answer after it.
 */
function findAsked(steps: readonly Step[], first: number, { byKey }: Known, so: Place): Place {
  const [asked, answer] = [steps[first], steps[first + 1]];
  if (asked?.stored.message.role !== 'user' || answer?.stored.message.role !== 'assistant')
    return so;
  let best = so;
  for (const node of (byKey.get(answer.key) ?? []).slice(-MAX_PLACES).toReversed()) {
    const { parent } = node;
    if (parent?.role !== 'user' || parent.depth <= first) continue;
    const length = 2 + countKnown(node, steps, first + 2);
    const isBetter = best.from === undefined ? length >= best.length : length > best.length;
    if (isBetter && isAskedIn(parent, asked)) best = { from: parent.parent, length };
  }
  return best;
}

/**
 * A history that was cut joins where the longest run of it is found; the newest such place.
 *
 * @param least - how many of its steps have to be known there
 */
export function findOverlap(
  steps: readonly Step[],
  first: number,
  known: Known,
  least = 1,
): Node | undefined {
  const run = findRun(steps, first, known, { from: undefined, length: least });
  return findAsked(steps, first, known, run).from;
}
