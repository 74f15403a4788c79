import { createIsAside } from './aside.js';
import type { Node } from './node.js';
import type { PlacedCall, Tree } from './tree.js';

/** A path through the tree that ends where a call ended. */
export interface Line {
  readonly kind: 'main' | 'branch' | 'side_call';
  /** Steps from the first one that no earlier line has to the last. */
  readonly nodes: readonly Node[];
  /** The newest call that ends here. */
  readonly owner: PlacedCall;
}

interface Ending {
  readonly node: Node;
  readonly placed: PlacedCall;
  readonly choice: number;
}

/** The steps up to this one that no line has so far; what stands above one that has a line has it too. */
function newSteps(last: Node, seen: ReadonlySet<Node>): readonly Node[] {
  const steps: Node[] = [];
  let node: Node | undefined = last;
  for (; node?.parent !== undefined && !seen.has(node); node = node.parent) steps.push(node);
  return steps.toReversed();
}

const newestFirst = (a: Ending, b: Ending): number => {
  const [first, second] = [a.placed.call, b.placed.call];
  if (first.startTimeUnixNano !== second.startTimeUnixNano)
    return first.startTimeUnixNano > second.startTimeUnixNano ? -1 : 1;
  if (first.sequence !== second.sequence) return second.sequence - first.sequence;
  if (first.spanId !== second.spanId) return first.spanId > second.spanId ? -1 : 1;
  return a.choice - b.choice;
};

/** Where calls ended and nothing was said after it, newest first. */
function findEndings(calls: readonly PlacedCall[]): readonly Ending[] {
  const endings = calls.flatMap((placed) =>
    placed.ends.map((node, choice) => ({ node, placed, choice })),
  );
  return endings
    .filter(({ node }) => node.children.size === 0 && node.parent !== undefined)
    .toSorted(newestFirst);
}

/**
 * Splits the tree into lines: the main line is the path to the newest ending that the user
 * saw; every other ending gives a line that starts where it leaves the ones before.
 */
export function findLines({ calls }: Tree): readonly Line[] {
  const isAside = createIsAside(calls);
  const endings = findEndings(calls);
  const main = endings.find(({ placed }) => !isAside(placed)) ?? endings[0];
  if (main === undefined) return [];
  const seen = new Set<Node>();
  const lines: Line[] = [];
  const oldestFirst = endings.filter((ending) => ending !== main).toReversed();
  for (const { node, placed } of [main, ...oldestFirst]) {
    const nodes = newSteps(node, seen);
    for (const step of nodes) seen.add(step);
    const kind = lines.length === 0 ? 'main' : isAside(placed) ? 'side_call' : 'branch';
    if (nodes.length > 0) lines.push({ kind, nodes, owner: placed });
  }
  return lines;
}
