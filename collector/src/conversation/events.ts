import type { LogFact, SpanFact, ThreadEvent, ThreadUser } from '@colloquy/schema';
import { byTime } from './by-time.js';

type Untimed = Omit<ThreadEvent, 'turn'>;

type Teller = Pick<SpanFact, 'kind' | 'userId' | 'report' | 'traceId' | 'spanId'>;

function read(fact: Teller, at: bigint): readonly Untimed[] {
  const { kind, userId = '', report, traceId, spanId } = fact;
  if (kind !== 'event' || report?.eventName === undefined) return [];
  const { eventName: name, metadata = {} } = report;
  return [{ name, at, userId, metadata, traceId, spanId }];
}

/**
 * What happened in a thread, in order. @param spans, logs - in theirs, which decides at equal times
 * @param turnAt - the turn that a time falls into
 */
export function findEvents(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
  turnAt: (time: bigint) => number,
): readonly ThreadEvent[] {
  const events = [
    ...spans.flatMap((span) => read(span, span.startTimeUnixNano)),
    ...logs.flatMap((log) =>
      read({ ...log, spanId: log.spanId || log.recordId }, log.timeUnixNano),
    ),
  ];
  return events.toSorted(byTime).map((event) => ({ ...event, turn: turnAt(event.at) }));
}

/** Who takes part; of what was told of one, the newest of each key. @param spans, logs - in order */
export function findUsers(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ThreadUser[] {
  const told = [
    ...spans.map((span) => ({ ...span, at: span.startTimeUnixNano })),
    ...logs.map((log) => ({ ...log, at: log.timeUnixNano })),
  ].toSorted(byTime);
  const users = new Map<string, ThreadUser['props']>();
  for (const { userId, report } of told)
    if (userId !== undefined) users.set(userId, { ...users.get(userId), ...report?.userProps });
  return [...users].map(([userId, props]) => ({ userId, props }));
}
