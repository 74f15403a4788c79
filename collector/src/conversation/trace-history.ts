import type { Contents, LogFact, SpanFact, TraceHistory } from '@colloquy/schema';
import { digest } from '../digest.js';
import { putAnswersBelow } from './answers-above.js';
import { rankCandidates } from './binding.js';
import type { Call } from './call.js';
import { findCalls } from './calls.js';
import { createStart, markOrdered, markUnordered, type Marks, type Place } from './marks.js';
import { MessageMemory } from './message-memory.js';
import { buildSpanTrees, listNodes } from './span-tree.js';

const responseMark = (responseId: string): string => digest(`response/${responseId}`);
const traceMark = (traceId: string): string => digest(`trace/${traceId}`);

/** What goes on from the trace itself is no news, and neither is what stands before that. */
const upToOwn = (begins: readonly string[], own: ReadonlySet<string>): readonly string[] => {
  const first = begins.findIndex((mark) => own.has(mark));
  return first === -1 ? begins : begins.slice(0, first);
};

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

/** The other trace that spans of this one link to; several prove nothing, a batch links to all it holds. */
function linkedTrace(spans: readonly SpanFact[], traceId: string): string | undefined {
  const linked = distinct(spans.flatMap(({ linkedTraceIds }) => linkedTraceIds));
  const others = linked.filter((id) => id !== traceId);
  return others.length === 1 ? others[0] : undefined;
}

/** The marks of every call; those of one service and user may be of one conversation. */
function markCalls(
  calls: readonly Call[],
  userId: string,
  serviceOf: ReadonlyMap<string, string>,
  isLogged: boolean,
): readonly Marks[] {
  const starts = new Map<string, Place>();
  return calls.map((call) => {
    const service = serviceOf.get(call.spanId) ?? '';
    const start = starts.get(service) ?? createStart([service, userId]);
    starts.set(service, start);
    const { previousResponseId, responseId } = call;
    const words = markOrdered(call, start);
    const records = isLogged ? markUnordered(call, start) : undefined;
    return {
      begins: [
        ...(previousResponseId === undefined ? [] : [responseMark(previousResponseId)]),
        ...words.begins,
        ...(records?.begins ?? []),
      ],
      ends: [
        ...(responseId === undefined ? [] : [responseMark(responseId)]),
        ...words.ends,
        ...(records?.ends ?? []),
      ],
    };
  });
}

const earliest = (calls: readonly Call[]): bigint =>
  calls
    .map(({ startTimeUnixNano }) => startTimeUnixNano)
    .reduce((first, time) => (time < first ? time : first));

/** Each list once, in an order that does not depend on that of spans. */
const distinctLists = (lists: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  distinct(lists.filter((marks) => marks.length > 0).map((marks) => marks.join()))
    .toSorted()
    .map((text) => text.split(','));

/**
 * Reads the marks of one trace. Pure; the order of spans and logs makes no difference.
 *
 * @returns `undefined` when the trace has no model call
 */
export function readHistory(
  traceId: string,
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
  contents: Contents,
): TraceHistory | undefined {
  const nodes = listNodes(buildSpanTrees(spans));
  const calls = findCalls(nodes, putAnswersBelow(logs, spans), spans, new MessageMemory(contents));
  if (calls.length === 0) return undefined;
  const userIds = distinct([...spans, ...logs].flatMap((fact) => fact.userId ?? []));
  const userId = userIds.toSorted().join('\n');
  const serviceOf = new Map(
    [...logs, ...spans].map(({ spanId, serviceName }) => [spanId, serviceName]),
  );
  const isLogged = logs.some(({ inputHashes }) => inputHashes.length > 0);
  const marked = markCalls(calls, userId, serviceOf, isLogged);
  const ends = new Set([traceMark(traceId), ...marked.flatMap((marks) => marks.ends)]);
  const linked = linkedTrace(spans, traceId);
  return {
    traceId,
    startedAt: earliest(calls),
    userId,
    threadId: rankCandidates(spans, logs)[0]?.threadId,
    begins: distinctLists([
      ...(linked === undefined ? [] : [[traceMark(linked)]]),
      ...marked.map(({ begins }) => upToOwn(begins, ends)),
    ]),
    ends: [...ends].toSorted(),
  };
}
