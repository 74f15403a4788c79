import type { CanonicalLog, ThreadCandidate } from '@colloquy/schema';

const PREFIX = 'thread:';

/**
 * Log records written outside any trace are kept together by the thread that they name; this
 * stands where others have their trace id. It can be no trace id: those are hexadecimal.
 */
export const untracedKey = (threadId: string): string => `${PREFIX}${threadId}`;

/** False for what {@link untracedKey} gives, and for `''`. */
export const isTraceId = (key: string): boolean => key !== '' && !key.startsWith(PREFIX);

const better = (a: ThreadCandidate, b: ThreadCandidate): number =>
  a.rank - b.rank || (a.threadId < b.threadId ? -1 : 1);

/** The trace that a log record belongs to, or what stands for it; `''` when the record names no thread either. */
export function traceKeyOf({ log, genAi }: CanonicalLog): string {
  if (log.traceId !== undefined) return log.traceId;
  const [best] = genAi.threadCandidates.toSorted(better);
  return best === undefined ? '' : untracedKey(best.threadId);
}
