import type { Contents, LogFact, SpanFact, TraceHistory } from '@colloquy/schema';
import { digest } from '../digest.js';
import { rankCandidates } from './binding.js';
import type { Call, StoredMessage } from './call.js';
import { findCalls } from './calls.js';
import { atomsOf, isBlank } from './identity.js';
import { buildSpanTrees, listNodes } from './span-tree.js';

/** So many answers back a history is compared: traces between may never have arrived. */
const MAX_BEGINS = 8;

/** A place in what a trace's calls were sent and said; its mark is made of all that leads there. */
interface Place {
  readonly mark: string;
  readonly next: Map<string, Place>;
  /** True when something other than an answer leads here: an answer alone proves nothing. */
  readonly isAsked: boolean;
}

interface Step {
  readonly key: string;
  readonly role: string;
}

/** The steps of messages; instructions stand beside the conversation. */
function stepsOf(messages: readonly StoredMessage[], cache: Map<string, readonly Step[]>) {
  return messages.flatMap(({ hash, message }) => {
    if (message.role === 'system') return [];
    const known = cache.get(hash);
    if (known !== undefined) return known;
    const steps = atomsOf(message).map((key) => ({ key, role: message.role }));
    cache.set(hash, steps);
    return steps;
  });
}

/** Goes one step on. Every prefix is made once, however many calls repeat it. */
function goOn(from: Place, { key, role }: Step): Place {
  const known = from.next.get(key);
  if (known !== undefined) return known;
  const place: Place = {
    mark: digest(`${from.mark}/${key}`),
    next: new Map(),
    isAsked: from.isAsked || role !== 'assistant',
  };
  from.next.set(key, place);
  return place;
}

/** An empty answer is what an echo leaves of tool calls; any other step without content proves nothing. */
const isKnown = ({ key, role }: Step): boolean => !isBlank(key) || role === 'assistant';

interface Marks {
  readonly begins: readonly string[];
  readonly ends: readonly string[];
}

const NO_MARKS: Marks = { begins: [], ends: [] };

/** Where the history of a call stood when it was answered: after its last answer, and after those before that a user replied to. */
function marksOfCall(call: Call, start: Place, cache: Map<string, readonly Step[]>): Marks {
  // Which message came first is only known once the conversation is.
  if (call.inputIsUnordered || call.isDelta) return NO_MARKS;
  const input = stepsOf(call.input, cache);
  const begins: string[] = [];
  const last = input.findLastIndex(({ role }) => role === 'assistant');
  let place = start;
  for (const [index, step] of input.entries()) {
    if (!isKnown(step)) return { begins: newest(begins), ends: [] };
    place = goOn(place, step);
    const isAnswered = step.role === 'assistant' && place.isAsked;
    if (isAnswered && (index === last || input[index + 1]?.role === 'user'))
      begins.push(place.mark);
  }
  const answers = call.outputIsChoices ? call.output.map((choice) => [choice]) : [call.output];
  const ends = answers.flatMap((answer) => marksOfAnswer(stepsOf(answer, cache), place));
  return { begins: newest(begins), ends };
}

const newest = (begins: readonly string[]): readonly string[] =>
  begins.slice(-MAX_BEGINS).toReversed();

/** After every piece of an answer: an echo may lose the end of it. */
function marksOfAnswer(steps: readonly Step[], from: Place): readonly string[] {
  const marks: string[] = [];
  let place = from;
  for (const step of steps) {
    if (isBlank(step.key)) break;
    place = goOn(place, step);
    if (step.role === 'assistant' && place.isAsked) marks.push(place.mark);
  }
  return marks;
}

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
  const calls = findCalls(listNodes(buildSpanTrees(spans)), logs, spans, contents);
  const [first] = calls;
  if (first === undefined) return undefined;
  const userId = distinct([...spans, ...logs].flatMap((fact) => fact.userId ?? []))
    .toSorted()
    .join('\n');
  const serviceOf = new Map(
    [...logs, ...spans].map(({ spanId, serviceName }) => [spanId, serviceName]),
  );
  const starts = new Map<string, Place>();
  const cache = new Map<string, readonly Step[]>();
  const marked = calls.map((call) => {
    const service = serviceOf.get(call.spanId) ?? '';
    const start = starts.get(service) ?? {
      mark: digest(JSON.stringify([service, userId])),
      next: new Map(),
      isAsked: false,
    };
    starts.set(service, start);
    const { begins, ends } = marksOfCall(call, start, cache);
    return {
      begins: [
        ...(call.previousResponseId === undefined ? [] : [responseMark(call.previousResponseId)]),
        ...begins,
      ],
      ends: [...(call.responseId === undefined ? [] : [responseMark(call.responseId)]), ...ends],
    };
  });
  const ends = new Set([traceMark(traceId), ...marked.flatMap((marks) => marks.ends)]);
  const linked = linkedTrace(spans, traceId);
  const begins = [
    ...(linked === undefined ? [] : [[traceMark(linked)]]),
    ...marked.map((marks) => upToOwn(marks.begins, ends)),
  ].filter((marks) => marks.length > 0);
  return {
    traceId,
    startedAt: calls.reduce(
      (start, call) => (call.startTimeUnixNano < start ? call.startTimeUnixNano : start),
      first.startTimeUnixNano,
    ),
    userId,
    threadId: rankCandidates(spans, logs)[0]?.threadId,
    begins: distinct(begins.map((marks) => marks.join()))
      .toSorted()
      .map((text) => text.split(',')),
    ends: [...ends].toSorted(),
  };
}
