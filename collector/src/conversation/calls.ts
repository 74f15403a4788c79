import type { Contents, LogFact, Message, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { isTraceId } from '../untraced-logs.js';
import type { Call, StoredMessage } from './call.js';
import { contentOfLogs, findCarriers, type CallContent, type Carrier } from './generations.js';
import { ancestors, type SpanNode } from './span-tree.js';

/** Stands in where content has not arrived or was erased: the place is kept, the words are gone. */
export const MISSING: Message = { role: 'assistant', parts: [{ type: 'raw', content: null }] };

const resolve = (hashes: readonly string[], contents: Contents): readonly StoredMessage[] =>
  hashes.map((hash) => ({ hash, message: contents.get(hash) ?? MISSING }));

/** Alternatives, when there are as many finish reasons as answers and only the assistant speaks. */
function isChoices(
  output: readonly StoredMessage[],
  { finishReasons }: Pick<SpanFact, 'finishReasons'>,
): boolean {
  const isSpoken = output.every(({ message }) => message.role === 'assistant');
  return output.length > 1 && isSpoken && finishReasons.length === output.length;
}

const agentAbove = (node: SpanNode): string | undefined =>
  node.span.agentName ??
  [...ancestors(node)].find(({ span }) => span.agentName !== undefined)?.span.agentName;

function callOf({ node, content }: Carrier, contents: Contents): Call {
  const { span } = node;
  const output = resolve(content.output, contents);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    input: resolve(content.input, contents),
    output,
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, span),
    responseId: span.responseId,
    previousResponseId: span.previousResponseId,
    isDelta: false,
    sequence: 0,
    agentName: agentAbove(node),
  };
}

/** Logs are keyed by the span they were written in. */
const spanKey = ({ traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>): string =>
  `${traceId}/${spanId}`;

/** A call known only by its logs, because its span has not arrived or never will. */
function callOfLogs(
  logs: readonly LogFact[],
  content: CallContent,
  contents: Contents,
): Call | undefined {
  const [first] = logs;
  if (first === undefined || content.input.length + content.output.length === 0) return undefined;
  const times = logs.map(({ timeUnixNano }) => timeUnixNano);
  const output = resolve(content.output, contents);
  return {
    traceId: first.traceId,
    spanId: first.spanId,
    startTimeUnixNano: times.reduce((a, b) => (b < a ? b : a)),
    endTimeUnixNano: times.reduce((a, b) => (b > a ? b : a)),
    input: resolve(content.input, contents),
    output,
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, first),
    responseId: first.responseId,
    previousResponseId: first.previousResponseId,
    isDelta: false,
    sequence: 0,
    agentName: first.agentName,
  };
}

/** What one log record outside any trace says. One that repeats no answer brings only what is new. */
function callOfUntracedLog(log: LogFact, contents: Contents): Call | undefined {
  const call = callOfLogs([log], contentOfLogs([log]), contents);
  return (
    call && {
      ...call,
      traceId: '',
      spanId: log.recordId,
      isDelta: call.input.every(({ message }) => message.role !== 'assistant'),
      sequence: log.sequence,
    }
  );
}

/** The model calls of a thread, from its spans, and from logs whose span is missing or that have none. */
export function findCalls(
  nodes: readonly SpanNode[],
  logs: readonly LogFact[],
  spans: readonly SpanFact[],
  contents: Contents,
): readonly Call[] {
  const bySpan = groupBy(
    logs.filter(({ traceId }) => isTraceId(traceId)),
    spanKey,
  );
  const untraced = logs.filter(({ traceId }) => !isTraceId(traceId));
  const carriers = findCarriers(nodes, (span) => bySpan.get(spanKey(span)) ?? []);
  const known = new Set(spans.map(spanKey));
  const orphans = [...bySpan].filter(([key]) => !known.has(key)).map(([, group]) => group);
  return [
    ...carriers.map((carrier) => callOf(carrier, contents)),
    ...orphans.flatMap((group) => callOfLogs(group, contentOfLogs(group), contents) ?? []),
    ...untraced.flatMap((log) => callOfUntracedLog(log, contents) ?? []),
  ];
}
