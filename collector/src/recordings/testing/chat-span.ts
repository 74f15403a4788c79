import type { AttributeValue, Span, SpanId, SpanLink, TraceId, UnixNano } from '@colloquy/schema';
import { digest } from '../../digest.js';

/** One model call that is a trace of its own. */
export interface SaidCall {
  /** Names the trace; the id is made of it. */
  readonly trace: string;
  /** Seconds. */
  readonly at: number;
  /** What the user and the model said by turns, the user first. */
  readonly history: readonly string[];
  readonly answer: string;
  readonly service?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Names of the traces that it links to. */
  readonly links?: readonly string[];
}

const hex = (text: string): string => digest(text).replaceAll('-', '');

/** The trace id that a name stands for. */
export const traceIdOf = (trace: string): TraceId => hex(trace) as TraceId;

const START = 1_790_000_000_000_000_000n;

const linkTo = (trace: string): SpanLink => ({
  traceId: traceIdOf(trace),
  spanId: hex(trace).slice(0, 16) as SpanId,
  traceState: '',
  attributes: new Map(),
  droppedAttributesCount: 0,
});

/** A span of OpenTelemetry's GenAI conventions. */
export function chatSpan({
  trace,
  at,
  history,
  answer,
  service = 'chat',
  attributes = {},
  links = [],
}: SaidCall): Span {
  const start = (START + BigInt(at * 1000) * 1_000_000n) as UnixNano;
  const input = history.map((content, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content,
  }));
  return {
    resource: { schemaUrl: '', attributes: new Map([['service.name', service]]) },
    scope: { name: 'test', version: '', schemaUrl: '', attributes: new Map() },
    traceId: traceIdOf(trace),
    spanId: hex(trace).slice(0, 16) as SpanId,
    parentSpanId: undefined,
    traceState: '',
    flags: 0,
    name: 'chat',
    kind: 'Client',
    startTimeUnixNano: start,
    endTimeUnixNano: (start + 500_000_000n) as UnixNano,
    attributes: new Map<string, AttributeValue>([
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.input.messages', JSON.stringify(input)],
      ['gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: answer }])],
      ...Object.entries(attributes),
    ]),
    events: [],
    links: links.map(linkTo),
    statusCode: 'Unset',
    statusMessage: '',
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** A conversation of one trace a turn, `name1`, `name2`, …, that starts at `at`. */
export function converse(
  name: string,
  at: number,
  words: readonly string[],
  more: Partial<SaidCall> = {},
): readonly SaidCall[] {
  return words.flatMap((answer, index) =>
    index % 2 === 0
      ? []
      : [
          {
            trace: `${name}${(index + 1) / 2}`,
            at: at + index * 10,
            history: words.slice(0, index),
            answer,
            ...more,
          },
        ],
  );
}
