import type { ConversationMessage, Generation, Turn } from '@colloquy/schema';
import { groupBy } from '../group-by.js';

/** Each value once, sorted. */
export const unique = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values)]
    .filter((value): value is string => value !== undefined && value !== '')
    .toSorted();

/** Adds what is known; unknown only when nothing is, so that a missing price is never shown as 0. */
export const sumKnown = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
};

export const earliest = (times: readonly bigint[]): bigint =>
  times.reduce((a, b) => (b < a ? b : a), times[0] ?? 0n);
export const latest = (times: readonly bigint[]): bigint =>
  times.reduce((a, b) => (b > a ? b : a), times[0] ?? 0n);

const NANOS_PER_MS = 1_000_000;
const NANOS_PER_SECOND = 1_000_000_000;

const since = (start: bigint, end: bigint): number => Number(end - start) / NANOS_PER_MS;

/** When a call streamed its first chunk. */
const firstChunkAt = ({ startTimeUnixNano, timeToFirstChunk }: Generation): readonly bigint[] =>
  timeToFirstChunk === undefined
    ? []
    : [startTimeUnixNano + BigInt(Math.round(timeToFirstChunk * NANOS_PER_SECOND))];

/** How long the user waited: for the last answer, and for the first chunk of a call that the main line shows. */
function timesOf(
  own: readonly ConversationMessage[],
  calls: readonly Generation[],
): Pick<Turn, 'latencyMs' | 'timeToFirstTokenMs'> {
  const asked = own.find(({ role, isSummary }) => role === 'user' && !isSummary);
  const answers = own.filter(({ role }) => role === 'assistant');
  const last = answers.at(-1);
  if (asked === undefined) return { latencyMs: undefined, timeToFirstTokenMs: undefined };
  const speakers = new Set(answers.map(({ traceId, spanId }) => `${traceId}/${spanId}`));
  const chunks = calls
    .filter(({ traceId, spanId }) => speakers.has(`${traceId}/${spanId}`))
    .flatMap(firstChunkAt);
  return {
    latencyMs: last && since(asked.createdAt, last.createdAt),
    timeToFirstTokenMs: chunks.length === 0 ? undefined : since(asked.createdAt, earliest(chunks)),
  };
}

/**
 * The turns along the main line, with what was counted in each. Calls without content make a turn as
 * well, or their usage would be in no turn.
 */
export function listTurns(
  messages: readonly ConversationMessage[],
  generations: readonly Generation[],
): readonly Turn[] {
  const main = messages.filter(({ line }) => line === 'main');
  const messagesOf = groupBy(main, ({ turn }) => turn);
  const callsOf = groupBy(generations, ({ turn }) => turn);
  const turns = [...new Set([...messagesOf.keys(), ...callsOf.keys()])].toSorted((a, b) => a - b);
  return turns.map((turn) => {
    const own = messagesOf.get(turn) ?? [];
    const calls = callsOf.get(turn) ?? [];
    const times = [
      ...own.map(({ createdAt }) => createdAt),
      ...calls.flatMap((call) => [call.startTimeUnixNano, call.endTimeUnixNano]),
    ];
    return {
      turn,
      messageIds: own.map(({ messageId }) => messageId),
      startedAt: earliest(times),
      endedAt: latest(times),
      traceIds: unique([
        ...own.map(({ traceId }) => traceId),
        ...calls.map(({ traceId }) => traceId),
      ]),
      generationCount: calls.length,
      errorCount: calls.filter(({ isError }) => isError).length,
      inputTokens: sumKnown(calls.map(({ inputTokens }) => inputTokens)) ?? 0,
      outputTokens: sumKnown(calls.map(({ outputTokens }) => outputTokens)) ?? 0,
      costUsd: sumKnown(calls.map(({ costUsd }) => costUsd)),
      ...timesOf(own, calls),
    };
  });
}
