import type { LogFact, SpanFact, ThreadEvent, ThreadUser } from '@colloquy/schema';

type Untimed = Omit<ThreadEvent, 'turn'>;

type Teller = Pick<SpanFact, 'kind' | 'userId' | 'report' | 'traceId' | 'spanId'>;

function read(fact: Teller, at: bigint): readonly Untimed[] {
  const { kind, userId = '', report, traceId, spanId } = fact;
  if (kind !== 'event' || report?.eventName === undefined) return [];
  const { eventName: name, metadata = {} } = report;
  return [{ name, at, userId, metadata, traceId, spanId }];
}

const byTime = (a: Untimed, b: Untimed): number => {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
};

/** What happened in a thread, in order. @param turnAt - the turn that a time falls into */
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

/** Who takes part; of what was told of one, the newest of each key. */
export function findUsers(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ThreadUser[] {
  const told = [
    ...spans.map((span) => ({ ...span, at: span.startTimeUnixNano })),
    ...logs.map((log) => ({ ...log, at: log.timeUnixNano })),
  ].toSorted((a, b) => (a.at === b.at ? (a.spanId < b.spanId ? -1 : 1) : a.at < b.at ? -1 : 1));
  const users = new Map<string, ThreadUser['props']>();
  for (const { userId, report } of told)
    if (userId !== undefined) users.set(userId, { ...users.get(userId), ...report?.userProps });
  return [...users].map(([userId, props]) => ({ userId, props }));
}
