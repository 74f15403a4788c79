import type { JoinedTrace, TraceHistory } from '@colloquy/schema';

/** A conversation is gone on with within this time, or counts as another. */
export const LOOK_BACK_DAYS = 7;

const LOOK_BACK_NANO = BigInt(LOOK_BACK_DAYS) * 24n * 3_600_000_000_000n;

/** More candidates than this are not looked at: words that common name no conversation. */
const MAX_CANDIDATES = 8;

type Placed = Pick<TraceHistory, 'traceId' | 'startedAt'>;

/** The order in which conversations went on; it decides, not the order of arrival. */
export const byStart = (a: Placed, b: Placed): number => {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? -1 : 1;
  return a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0;
};

/** Whether one trace may go on from another: later, not too late, and by no other user. */
function mayFollow(earlier: TraceHistory, later: TraceHistory): boolean {
  const isLate = later.startedAt - earlier.startedAt > LOOK_BACK_NANO;
  const users = new Set([earlier.userId, later.userId].filter((user) => user !== ''));
  return byStart(earlier, later) < 0 && !isLate && users.size < 2;
}

function isOneConversation(traces: readonly JoinedTrace[]): boolean {
  const [first] = traces;
  const isSame = traces.every(({ root }) => root === first?.root);
  const isNamedSame = traces.every(({ threadId }) => threadId === first?.threadId);
  return isSame || (isNamedSame && first?.threadId !== undefined);
}

/**
 * Finds the trace that another goes on from: for each of its calls the one that ended at the
 * longest part of its history. All of them have to be one conversation.
 *
 * @param endingAt - all traces that end at a mark, with the conversation they belong to
 */
export function joinTrace(
  history: TraceHistory,
  endingAt: (mark: string) => readonly JoinedTrace[],
): JoinedTrace {
  const found = history.begins.flatMap((marks) => {
    for (const mark of marks) {
      const candidates = endingAt(mark).filter((trace) => mayFollow(trace, history));
      if (candidates.length > 0) return candidates;
    }
    return [];
  });
  const parent = found.toSorted(byStart).at(-1);
  const isAmbiguous = found.length > MAX_CANDIDATES || !isOneConversation(found);
  return parent === undefined || isAmbiguous
    ? { ...history, parent: undefined, root: history.traceId, isAmbiguous }
    : { ...history, parent: parent.traceId, root: parent.root, isAmbiguous };
}

/** Joins traces of which every one is at hand. Pure; the order of `histories` makes no difference. */
export function joinTraces(histories: readonly TraceHistory[]): readonly JoinedTrace[] {
  const ending = new Map<string, JoinedTrace[]>();
  return histories.toSorted(byStart).map((history) => {
    const joined = joinTrace(history, (mark) => ending.get(mark) ?? []);
    for (const mark of joined.ends) {
      const known = ending.get(mark);
      if (known === undefined) ending.set(mark, [joined]);
      else known.push(joined);
    }
    return joined;
  });
}

type Member = Pick<JoinedTrace, 'traceId' | 'startedAt' | 'threadId' | 'parent' | 'root'>;

/**
 * Which thread each trace of whole conversations belongs to. One that was given an id belongs
 * there, and with it what goes on from it, up to another id. What stands before the first id
 * belongs to that; where there is none, the first trace gives its own.
 */
export function nameThreads(members: readonly Member[]): ReadonlyMap<string, string> {
  const ordered = members.toSorted(byStart);
  const names = new Map<string, string>();
  for (const { root, threadId } of ordered)
    if (threadId !== undefined && !names.has(root)) names.set(root, threadId);
  const threads = new Map<string, string>();
  for (const { traceId, threadId, parent, root } of ordered)
    threads.set(traceId, threadId ?? threads.get(parent ?? '') ?? names.get(root) ?? root);
  return threads;
}
