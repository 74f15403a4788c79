import type { LogFact, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { isTraceId } from '../untraced-logs.js';
import type { Call, StoredMessage } from './call.js';
import { contentOfLogs, contentsOfLogs, DETAILS, type CallContent } from './call-content.js';
import { retoldByWrappers } from './flattened.js';
import { findCarriers, type Carrier } from './generations.js';
import { dialectsThat } from './habits.js';
import type { MessageMemory } from './message-memory.js';
import { createNestingOf } from './nesting.js';
import { agentOf, type SpanNode } from './span-tree.js';
import { toldAround } from './told-around.js';

/** What a call was sent, looked up when it is asked for: it is long, and is asked for once. */
const sentIn = (
  { input }: CallContent,
  messages: MessageMemory,
): Pick<Call, 'input' | 'inputHashes'> => ({
  inputHashes: input,
  get input() {
    return messages.input(input);
  },
});

/** Alternatives, when there are as many finish reasons as answers and only the assistant speaks. */
function isChoices(output: readonly StoredMessage[], finishReasons: readonly string[]): boolean {
  const isSpoken = output.every(({ message }) => message.role === 'assistant');
  return output.length > 1 && isSpoken && finishReasons.length === output.length;
}

type Said = Pick<SpanFact, 'responseId' | 'previousResponseId' | 'finishReasons'>;

/** The first word that any of these has on each. */
const saidBy = (tellers: readonly Said[]): Said => ({
  responseId: tellers.find(({ responseId }) => responseId !== undefined)?.responseId,
  previousResponseId: tellers.find(({ previousResponseId }) => previousResponseId !== undefined)
    ?.previousResponseId,
  finishReasons: tellers.find(({ finishReasons }) => finishReasons.length > 0)?.finishReasons ?? [],
});

const tellsNewOnly = (log: LogFact): boolean => dialectsThat('tellsNewOnly', log).length > 0;

/** What carriers have around them. */
interface Surroundings {
  readonly nesting: Call['nesting'];
  /** True when model calls speak somewhere in the thread. */
  readonly hasCalls: boolean;
}

/**
 * A wrapper whose own call never arrived, its stream left by the app, say: beside wrappers of calls it
 * tells of its turn alone.
 */
function tellsItsTurn(span: SpanFact, call: Pick<Call, 'input'>): boolean {
  if (span.kind === 'llm') return false;
  const { input } = call;
  return input.length > 0 && input.every(({ message }) => message.role !== 'assistant');
}

function callOf(
  carrier: Carrier,
  messages: MessageMemory,
  { nesting, hasCalls }: Surroundings,
): Call {
  const { node, content, sequence, isSole } = carrier;
  const { span } = node;
  const { finishReasons, ...ids } = saidBy(
    // What a span states is of its call; where it tells of several, each record states its own.
    isSole ? [span, ...content.records] : content.records,
  );
  const output = messages.output(content.output);
  const sent = sentIn(content, messages);
  const retold = toldAround(node, content, (hash) => messages.find(hash));
  const isTurn = hasCalls && tellsItsTurn(span, sent);
  return Object.assign(sent, {
    ...ids,
    traceId: span.traceId,
    spanId: span.spanId,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano:
      (isSole ? undefined : content.records.at(-1)?.timeUnixNano) ?? span.endTimeUnixNano,
    outputHashes: content.output,
    output,
    retold,
    retoldHashes: retold.flatMap(({ own, stored, spanId }) => [own.hash, stored.hash, spanId]),
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, finishReasons),
    isDelta: isTurn || content.records.some(tellsNewOnly),
    sequence,
    nesting,
    agentName: isTurn ? undefined : agentOf(node),
  });
}

/** Logs are keyed by the span they were written in. */
const spanKey = ({ traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>): string =>
  `${traceId}/${spanId}`;

/** A call known only by its logs, because its span has not arrived or never will. */
function callOfLogs(
  content: CallContent,
  sequence: number,
  messages: MessageMemory,
): Call | undefined {
  const { records } = content;
  const [first] = records;
  if (first === undefined || content.input.length + content.output.length === 0) return undefined;
  const { finishReasons, ...ids } = saidBy(records);
  const output = messages.output(content.output);
  return Object.assign(sentIn(content, messages), {
    ...ids,
    traceId: first.traceId,
    spanId: first.spanId,
    startTimeUnixNano: first.timeUnixNano,
    endTimeUnixNano: records.at(-1)?.timeUnixNano ?? first.timeUnixNano,
    outputHashes: content.output,
    output,
    retold: [],
    retoldHashes: [],
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, finishReasons),
    isDelta: records.some(tellsNewOnly),
    sequence,
    nesting: undefined,
    agentName: records.find(({ agentName }) => agentName !== undefined)?.agentName,
  });
}

/** What one log record outside any trace says. One that repeats no answer brings only what is new. */
function callOfUntracedLog(log: LogFact, messages: MessageMemory): Call | undefined {
  const call = callOfLogs(contentOfLogs([log]), log.sequence, messages);
  return (
    call && {
      ...call,
      traceId: '',
      spanId: log.recordId,
      isDelta:
        call.isDelta ||
        (log.eventName !== DETAILS &&
          call.input.every(({ message }) => message.role !== 'assistant')),
    }
  );
}

/** Log records outside any trace, but for those that repeat what spans tell. */
export function untracedLogs(
  logs: readonly LogFact[],
  spans: readonly SpanFact[],
): readonly LogFact[] {
  const calls = spans.filter(({ kind, inputHashes }) => kind === 'llm' && inputHashes.length > 0);
  const told = new Set(calls.flatMap((call) => dialectsThat('tellsTwice', call)));
  return logs.filter(
    ({ traceId, dialects }) => !isTraceId(traceId) && !dialects.some((name) => told.has(name)),
  );
}

/** The model calls of a thread, from its spans, and from logs whose span is missing or that have none. */
export function findCalls(
  nodes: readonly SpanNode[],
  logs: readonly LogFact[],
  spans: readonly SpanFact[],
  messages: MessageMemory,
): readonly Call[] {
  const bySpan = groupBy(
    logs.filter(({ traceId }) => isTraceId(traceId)),
    spanKey,
  );
  const untraced = untracedLogs(logs, spans);
  const carriers = retoldByWrappers(
    findCarriers(nodes, (span) => bySpan.get(spanKey(span)) ?? []),
    nodes,
    (hash) => messages.find(hash),
  );
  const hasCalls = carriers.some(({ node }) => node.span.kind === 'llm');
  const nestingOf = createNestingOf(carriers.map(({ node }) => node));
  const known = new Set(spans.map(spanKey));
  const orphans = [...bySpan].filter(([key]) => !known.has(key)).map(([, group]) => group);
  return [
    ...carriers.map((carrier) =>
      callOf(carrier, messages, { nesting: nestingOf(carrier.node), hasCalls }),
    ),
    ...orphans.flatMap((group) =>
      contentsOfLogs(group).flatMap((content, index) => callOfLogs(content, index, messages) ?? []),
    ),
    ...untraced.flatMap((log) => callOfUntracedLog(log, messages) ?? []),
  ];
}
