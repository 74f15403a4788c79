import type { ThreadCandidate } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { markOf, NO_MARK } from './subject.js';

/** A span or log record with what it can be recognised by. */
export interface Arrival<Item> {
  readonly item: Item;
  /** Its trace, or what stands for it; '' for none. */
  readonly traceKey: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly userId: string | undefined;
  readonly candidates: readonly ThreadCandidate[];
  readonly messageIds: readonly string[];
}

/** Something that was erased, by the digest of its id. */
export interface Mark {
  readonly mark: string;
  /** Of a trace of which one user's part was erased; {@link NO_MARK} for the whole. */
  readonly userMark: string;
  readonly erasedAt: number;
  readonly erasureId: string;
}

/** A trace that turns out to belong to what was erased. */
export interface ErasedTrace {
  readonly traceKey: string;
  /** The user whose part it is; all of it where this is left out. */
  readonly userId: string | undefined;
  readonly erasedAt: number;
  readonly erasureId: string;
}

export interface Judgement<Item> {
  readonly erased: readonly { readonly item: Item; readonly erasureId: string }[];
  /** Those that had no mark of their own. */
  readonly traces: readonly ErasedTrace[];
}

/** The marks that decide about some arrivals. */
export function wantedMarks(
  projectId: string,
  arrivals: readonly Arrival<unknown>[],
): ReadonlySet<string> {
  const marks = new Set([markOf(projectId, 'project', projectId)]);
  for (const { traceKey, userId, candidates, messageIds } of arrivals) {
    if (traceKey !== '') marks.add(markOf(projectId, 'trace', traceKey));
    if (userId !== undefined) marks.add(markOf(projectId, 'user', userId));
    for (const { threadId } of candidates) marks.add(markOf(projectId, 'thread', threadId));
    for (const id of messageIds) marks.add(markOf(projectId, 'message', id));
  }
  return marks;
}

const best = (candidates: readonly ThreadCandidate[]): string | undefined =>
  candidates.toSorted((a, b) => a.rank - b.rank || (a.threadId < b.threadId ? -1 : 1))[0]?.threadId;

/**
 * Tells what of some arrivals was erased before: what had begun by then and belongs to an erased
 * project, thread, trace or user, or names an erased message. Pure.
 */
export function judgeArrivals<Item>(
  projectId: string,
  arrivals: readonly Arrival<Item>[],
  marks: readonly Mark[],
): Judgement<Item> {
  const byMark = groupBy(marks, ({ mark }) => mark);
  const erased = new Map<Item, string>();
  const traces: ErasedTrace[] = [];
  for (const [traceKey, own] of groupBy(arrivals, (arrival) => arrival.traceKey)) {
    const find = (kind: Parameters<typeof markOf>[1], id: string | undefined): readonly Mark[] =>
      id === undefined || id === '' ? [] : (byMark.get(markOf(projectId, kind, id)) ?? []);
    const threadId = best(own.flatMap(({ candidates }) => candidates));
    const ofThread = [
      ...find('thread', threadId),
      ...(threadId === undefined
        ? own.flatMap(({ messageIds }) => messageIds.flatMap((id) => find('message', id)))
        : []),
    ];
    const known = find('trace', traceKey);
    const fresh = newest(ofThread);
    const users = new Map(
      own.flatMap(({ userId }) =>
        find('user', userId).map((mark) => [mark.mark, { mark, userId }]),
      ),
    );
    if (traceKey !== '') {
      if (fresh !== undefined && own.some(({ startedAt }) => startedAt < fresh.erasedAt)) {
        const isKnown = known.some(
          ({ userMark, erasedAt }) => userMark === NO_MARK && erasedAt >= fresh.erasedAt,
        );
        if (!isKnown) traces.push({ traceKey, userId: undefined, ...placeOf(fresh) });
      }
      for (const { mark, userId } of users.values()) {
        const isKnown = known.some(
          ({ userMark, erasedAt }) =>
            erasedAt >= mark.erasedAt && (userMark === NO_MARK || userMark === mark.mark),
        );
        const isHit = own.some((one) => one.userId === userId && one.startedAt < mark.erasedAt);
        if (isHit && !isKnown) traces.push({ traceKey, userId, ...placeOf(mark) });
      }
    }
    const whole = [
      ...find('project', projectId),
      ...ofThread,
      ...known.filter(({ userMark }) => userMark === NO_MARK),
    ];
    // What says no user in a trace of one is that one's.
    const ofUsers = [
      ...known.filter(({ userMark }) => userMark !== NO_MARK),
      ...(traceKey === ''
        ? []
        : [...users.values()].map(({ mark }) => ({ ...mark, userMark: mark.mark }))),
    ];
    const hasOthers = own.some(
      ({ userId }) => userId !== undefined && !users.has(markOf(projectId, 'user', userId)),
    );
    for (const { item, userId, startedAt } of own) {
      const userMark = userId === undefined ? undefined : markOf(projectId, 'user', userId);
      const hits = [
        ...whole,
        ...find('user', userId),
        ...ofUsers.filter((mark) =>
          userMark === undefined ? !hasOthers : userMark === mark.userMark,
        ),
      ].filter(({ erasedAt }) => startedAt < erasedAt);
      const hit = newest(hits);
      if (hit !== undefined) erased.set(item, hit.erasureId);
    }
  }
  return { erased: [...erased].map(([item, erasureId]) => ({ item, erasureId })), traces };
}

const newest = (marks: readonly Mark[]): Mark | undefined =>
  marks.toSorted((a, b) => b.erasedAt - a.erasedAt)[0];

const placeOf = ({ erasedAt, erasureId }: Mark): Pick<ErasedTrace, 'erasedAt' | 'erasureId'> => ({
  erasedAt,
  erasureId,
});
