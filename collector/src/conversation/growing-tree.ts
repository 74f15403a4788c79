import type { Call, StoredMessage } from './call.js';
import { Growth } from './grow-tree.js';
import { sharedLength } from '../shared-length.js';
import type { Tree } from './tree.js';

const byTime = (a: Call, b: Call): number => {
  if (a.startTimeUnixNano !== b.startTimeUnixNano)
    return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1;
  return a.sequence - b.sequence || (a.spanId < b.spanId ? -1 : 1);
};

const isAnswer = ({ message }: StoredMessage): boolean => message.role === 'assistant';

/** True when a call is sent what was said in a turn before its own. */
function bringsHistory({ input }: Call): boolean {
  const last = input.findLastIndex(({ message }) => message.role === 'user');
  const first = input.findIndex(isAnswer);
  return first !== -1 && first < last;
}

/** True for a thread whose calls are sent all that was said before. */
const sendHistory = (calls: readonly Call[]): boolean =>
  calls.some(bringsHistory) && calls.every((call) => call.previousResponseId === undefined);

const isEqual = (a: unknown, b: unknown): boolean =>
  a === b ||
  (Array.isArray(a) &&
    Array.isArray(b) &&
    a.length === b.length &&
    sharedLength(a, b) === a.length);

/** Whether nothing of a call has changed; messages are told by their hashes. */
const isSame = (a: Call, b: Call): boolean =>
  (Object.keys(a) as (keyof Call)[]).every(
    (key) => key === 'input' || key === 'output' || key === 'retold' || isEqual(a[key], b[key]),
  );

interface Grown {
  readonly growth: Growth;
  readonly calls: readonly Call[];
}

const nothingGrown = (sendsHistory = false): Grown => ({
  growth: new Growth(sendsHistory),
  calls: [],
});

/** The tree of a thread that lives: where calls come after all that it holds, it goes on growing. */
export class GrowingTree {
  #grown = nothingGrown();

  /**
   * Lays all calls of a thread into one tree. A call that re-sends history walks known steps and
   * adds what is new; an edited or regenerated message becomes a sibling. The order of `calls`
   * makes no difference: they are taken in the order in which they started.
   *
   * @returns a tree that the next run may add to
   */
  grow(calls: readonly Call[]): Tree {
    const ordered = calls.toSorted(byTime);
    const sendsHistory = sendHistory(ordered);
    const { growth, calls: before } = this.#goesOn(ordered, sendsHistory)
      ? this.#grown
      : nothingGrown(sendsHistory);
    const added = ordered.slice(before.length);
    // Should a rule throw, what is half grown is not gone on from.
    this.#grown = nothingGrown();
    for (const call of added) growth.add(call);
    this.#grown = { growth, calls: [...before, ...added] };
    return { root: growth.root, calls: growth.placed };
  }

  #goesOn(ordered: readonly Call[], sendsHistory: boolean): boolean {
    const { growth, calls } = this.#grown;
    const begins = calls.every((call, index) => {
      const now = ordered[index];
      return now !== undefined && isSame(call, now);
    });
    return begins && growth.sendsHistory === sendsHistory;
  }
}
