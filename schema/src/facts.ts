import type { Message } from './message.js';
import type { LogRecord, Span } from './otlp.js';
import type { GenAi } from './span.js';

/** {@link GenAi} as stored: messages by the hash of their content. */
export type GenAiFact = Omit<
  GenAi,
  'metadata' | 'systemMessages' | 'inputMessages' | 'outputMessages'
> & {
  readonly systemHashes: readonly string[];
  readonly inputHashes: readonly string[];
  readonly outputHashes: readonly string[];
};

/** What the rebuild needs of a span; attributes, events and links stay in the store. */
export interface SpanFact extends GenAiFact, Pick<Span, 'name' | 'statusCode'> {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly serviceName: string;
  /** The traces that its span links name. */
  readonly linkedTraceIds: readonly string[];
}

/** What the rebuild needs of a log record that carries content or a thread id. */
export interface LogFact extends GenAiFact, Pick<LogRecord, 'sequence' | 'eventName'> {
  readonly recordId: string;
  readonly timeUnixNano: bigint;
  /** What stands for the trace where the record was written outside any; see `untraced-logs.ts`. */
  readonly traceId: string;
  readonly spanId: string;
  readonly serviceName: string;
}

/** Content by its hash. */
export type Contents = ReadonlyMap<string, Message>;

/** Everything known of the traces that may belong to one thread. */
export interface ThreadFacts {
  readonly threadId: string;
  readonly spans: readonly SpanFact[];
  readonly logs: readonly LogFact[];
  readonly contents: Contents;
  /** What was said of the thread's messages in traces of other threads. */
  readonly feedback?: readonly SpanFact[];
}
