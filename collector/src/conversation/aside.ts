import { groupBy } from '../group-by.js';
import type { Call } from './call.js';
import type { Node } from './node.js';
import type { PlacedCall } from './tree.js';

interface Lane {
  readonly name: string;
  readonly isNested: boolean;
  /** How many of its answers were gone on from. */
  readonly continued: number;
  readonly traces: number;
  /** When its last call began. */
  readonly last: bigint;
  readonly depth: number;
}

/** The lane that carries the conversation: gone on from, in the most traces, to the last. */
const best = (a: Lane, b: Lane): number =>
  Number(a.isNested) - Number(b.isNested) ||
  Number(b.continued > 0) - Number(a.continued > 0) ||
  b.traces - a.traces ||
  b.continued - a.continued ||
  (a.last === b.last ? b.depth - a.depth : a.last > b.last ? -1 : 1);

const isContinued = ({ inputEnd, ends }: PlacedCall): boolean =>
  ends.some((end) => end !== inputEnd && end.children.size > 0);

const describe = (name: string, own: readonly PlacedCall[]): Lane => ({
  name,
  isNested: own.every(({ call }) => call.nesting !== undefined),
  continued: own.filter(isContinued).length,
  traces: new Set(own.map(({ call }) => call.traceId)).size,
  last: own.map(({ call }) => call.startTimeUnixNano).reduce((a, b) => (b > a ? b : a)),
  depth: own.reduce((depth, { ends, inputEnd }) => Math.max(depth, (ends[0] ?? inputEnd).depth), 0),
});

/** The call that gave the last answer in the history that led here. */
function lastHeard(from: Node): Call | undefined {
  for (let node: Node | undefined = from; node !== undefined; node = node.parent) {
    const answer = node.forms.find(({ origin }) => origin === 'output');
    if (answer !== undefined) return answer.call;
  }
  return undefined;
}

/** True when nothing else was said where this call went on, nor to what it answered. */
function isOnlyWay({ joint, inputEnd }: PlacedCall): boolean {
  let node: Node | undefined = inputEnd;
  while (node !== undefined && node.children.size <= 1) {
    if (node === joint) return true;
    node = node.parent;
  }
  return false;
}

/** True when the history ends with what a tool gave or is to do: the turn is not over. */
const isUnfinished = ({ call: { input } }: PlacedCall): boolean => {
  const last = input.at(-1)?.message;
  return last?.role === 'tool' || (last?.parts.some(({ type }) => type === 'tool_call') ?? false);
};

/** Another agent goes on with the same history; what only comments on it is left aside. */
const isHandOff = (placed: PlacedCall): boolean =>
  isOnlyWay(placed) && (placed.call.agentName !== undefined || isUnfinished(placed));

/**
 * Joins lanes that carry on each other's conversation in another trace: instructions that are
 * written anew for each call tell nothing.
 */
function joinLanes(
  calls: readonly PlacedCall[],
  placedOf: ReadonlyMap<Call, PlacedCall>,
): (lane: string) => string {
  const joined = new Map<string, string>();
  const find = (lane: string): string => {
    let root = lane;
    for (let next = joined.get(root); next !== undefined; next = joined.get(root)) root = next;
    return root;
  };
  for (const placed of calls) {
    const heard = lastHeard(placed.inputEnd);
    const before = heard && placedOf.get(heard);
    if (before === undefined || find(before.lane) === find(placed.lane)) continue;
    const isOwn =
      before.call.traceId !== placed.call.traceId &&
      before.call.agentName === placed.call.agentName &&
      before.call.nesting === placed.call.nesting;
    if (isOwn && isOnlyWay(placed)) joined.set(find(placed.lane), find(before.lane));
  }
  return find;
}

/** Whether a call is apart from the conversation: title, classifier, judge, sub-agent. */
export function createIsAside(calls: readonly PlacedCall[]): (placed: PlacedCall) => boolean {
  const placedOf = new Map(calls.map((placed) => [placed.call, placed]));
  const find = joinLanes(calls, placedOf);
  const lanes = new Map(
    [...groupBy(calls, ({ lane }) => find(lane))].map(([name, own]) => [name, describe(name, own)]),
  );
  const main = [...lanes.values()].toSorted(best)[0]?.name;
  const own = calls.filter(({ lane }) => find(lane) === main);
  const traces = new Set(own.map(({ call }) => call.traceId));
  const isDynamic = new Set(own.map(({ lane }) => lane)).size > 1;

  /** Comes again and again and is never gone on from: a classifier in traces of its own. */
  const isRecurrent = ({ lane }: PlacedCall): boolean => {
    const { traces: count = 0, continued = 0 } = lanes.get(find(lane)) ?? {};
    return count > 1 && continued === 0;
  };
  const hearsMain = ({ inputEnd }: PlacedCall): boolean => {
    for (let node: Node | undefined = inputEnd; node !== undefined; node = node.parent)
      for (const { origin, call } of node.forms)
        if (origin === 'output' && find(placedOf.get(call)?.lane ?? '') === main) return true;
    return false;
  };
  return (placed) => {
    if (placed.isSummariser) return true;
    if (find(placed.lane) === main) return false;
    if (placed.call.nesting === 'tool') return true;
    if (traces.has(placed.call.traceId)) return !hearsMain(placed) || !isHandOff(placed);
    if (hearsMain(placed)) return isRecurrent(placed) && !isOnlyWay(placed);
    return !isDynamic || placed.isQuoting || isRecurrent(placed);
  };
}
