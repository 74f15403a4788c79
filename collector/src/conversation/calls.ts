import type { Contents, LogFact, Message, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { isTraceId } from '../untraced-logs.js';
import { createStored, type Call, type StoredMessage } from './call.js';
import { contentOfLogs, contentsOfLogs, type CallContent } from './call-content.js';
import { findCarriers, type Carrier } from './generations.js';
import { createNestingOf } from './nesting.js';
import { sharedLength } from './shared-length.js';
import { ancestors, type SpanNode } from './span-tree.js';

/** Stands in where content has not arrived or was erased: the place is kept, the words are gone. */
export const MISSING: Message = { role: 'assistant', parts: [{ type: 'raw', content: null }] };

/** Finds messages by hash. */
type Resolve = (hashes: readonly string[]) => readonly StoredMessage[];

/** One for each side of a call, so that the next history is compared with the one before. */
type Sides = Readonly<Record<'input' | 'output', Resolve>>;

/** The same hash gives the same object, and what a history shares with the last is not looked up again. */
function createSides(contents: Contents): Sides {
  const known = new Map<string, StoredMessage>();
  const find = (hash: string): StoredMessage => {
    const found = known.get(hash);
    if (found !== undefined) return found;
    const stored = createStored(hash, contents.get(hash) ?? MISSING);
    known.set(hash, stored);
    return stored;
  };
  const createResolve = (): Resolve => {
    let last: readonly string[] = [];
    let messages: readonly StoredMessage[] = [];
    return (hashes) => {
      const shared = sharedLength(hashes, last);
      messages = messages.slice(0, shared).concat(hashes.slice(shared).map(find));
      last = hashes;
      return messages;
    };
  };
  return { input: createResolve(), output: createResolve() };
}

/** Alternatives, when there are as many finish reasons as answers and only the assistant speaks. */
function isChoices(output: readonly StoredMessage[], finishReasons: readonly string[]): boolean {
  const isSpoken = output.every(({ message }) => message.role === 'assistant');
  return output.length > 1 && isSpoken && finishReasons.length === output.length;
}

const agentAbove = (node: SpanNode): string | undefined =>
  node.span.agentName ??
  [...ancestors(node)].find(({ span }) => span.agentName !== undefined)?.span.agentName;

type Said = Pick<SpanFact, 'responseId' | 'previousResponseId' | 'finishReasons'>;

/** The first word that any of these has on each. */
const saidBy = (tellers: readonly Said[]): Said => ({
  responseId: tellers.find(({ responseId }) => responseId !== undefined)?.responseId,
  previousResponseId: tellers.find(({ previousResponseId }) => previousResponseId !== undefined)
    ?.previousResponseId,
  finishReasons: tellers.find(({ finishReasons }) => finishReasons.length > 0)?.finishReasons ?? [],
});

function callOf(carrier: Carrier, sides: Sides, nesting: Call['nesting']): Call {
  const { node, content, sequence, isSole } = carrier;
  const { span } = node;
  const { finishReasons, ...ids } = saidBy(
    // What a span states is of its call; where it tells of several, each record states its own.
    isSole ? [span, ...content.records] : content.records,
  );
  const input = sides.input(content.input);
  const output = sides.output(content.output);
  return {
    ...ids,
    traceId: span.traceId,
    spanId: span.spanId,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano:
      (isSole ? undefined : content.records.at(-1)?.timeUnixNano) ?? span.endTimeUnixNano,
    input,
    output,
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, finishReasons),
    isDelta: false,
    sequence,
    nesting,
    agentName: agentAbove(node),
  };
}

/** Logs are keyed by the span they were written in. */
const spanKey = ({ traceId, spanId }: Pick<SpanFact, 'traceId' | 'spanId'>): string =>
  `${traceId}/${spanId}`;

/** A call known only by its logs, because its span has not arrived or never will. */
function callOfLogs(content: CallContent, sequence: number, sides: Sides): Call | undefined {
  const { records } = content;
  const [first] = records;
  if (first === undefined || content.input.length + content.output.length === 0) return undefined;
  const { finishReasons, ...ids } = saidBy(records);
  const input = sides.input(content.input);
  const output = sides.output(content.output);
  return {
    ...ids,
    traceId: first.traceId,
    spanId: first.spanId,
    startTimeUnixNano: first.timeUnixNano,
    endTimeUnixNano: records.at(-1)?.timeUnixNano ?? first.timeUnixNano,
    input,
    output,
    inputIsUnordered: content.inputIsUnordered,
    outputIsChoices: isChoices(output, finishReasons),
    isDelta: false,
    sequence,
    nesting: undefined,
    agentName: records.find(({ agentName }) => agentName !== undefined)?.agentName,
  };
}

/** What one log record outside any trace says. One that repeats no answer brings only what is new. */
function callOfUntracedLog(log: LogFact, sides: Sides): Call | undefined {
  const call = callOfLogs(contentOfLogs([log]), log.sequence, sides);
  return (
    call && {
      ...call,
      traceId: '',
      spanId: log.recordId,
      isDelta: call.input.every(({ message }) => message.role !== 'assistant'),
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
  const sides = createSides(contents);
  const bySpan = groupBy(
    logs.filter(({ traceId }) => isTraceId(traceId)),
    spanKey,
  );
  const untraced = logs.filter(({ traceId }) => !isTraceId(traceId));
  const carriers = findCarriers(nodes, (span) => bySpan.get(spanKey(span)) ?? []);
  const nestingOf = createNestingOf(carriers.map(({ node }) => node));
  const known = new Set(spans.map(spanKey));
  const orphans = [...bySpan].filter(([key]) => !known.has(key)).map(([, group]) => group);
  return [
    ...carriers.map((carrier) => callOf(carrier, sides, nestingOf(carrier.node))),
    ...orphans.flatMap((group) =>
      contentsOfLogs(group).flatMap((content, index) => callOfLogs(content, index, sides) ?? []),
    ),
    ...untraced.flatMap((log) => callOfUntracedLog(log, sides) ?? []),
  ];
}
