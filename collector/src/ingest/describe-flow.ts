import type { StatusAnswer } from '@colloquy/schema';
import { type FlowCounts, waitingOf } from './flow.js';

const format = (count: number): string => count.toLocaleString('en-US');

const dead = (refused: number): string =>
  refused === 0 ? '' : `, kept as dead letters ${format(refused)}`;

type FlowAnswer = Pick<
  StatusAnswer,
  'summary' | 'accepted' | 'spooled' | 'stored' | 'queryable' | 'refused' | 'waiting'
>;

/** The counts with what follows from them, and in a sentence. Pure. */
export function describeFlow(counts: FlowCounts): FlowAnswer {
  const { accepted, stored, queryable, refused } = counts;
  const waiting = waitingOf(counts);
  const summary = `accepted ${format(accepted)}, queryable ${format(queryable)}, waiting ${format(waiting)}`;
  return {
    summary: summary + dead(refused),
    ...counts,
    spooled: accepted - stored - refused,
    waiting,
  };
}
