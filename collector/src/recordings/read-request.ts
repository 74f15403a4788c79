import type {
  GenAi,
  GenAiFact,
  LogFact,
  LogRecord,
  Message,
  Span,
  SpanFact,
} from '@colloquy/schema';
import { hashContent } from '../digest.js';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { recordKey, serviceName } from '../store/encode-rows.js';
import { traceKeyOf } from '../untraced-logs.js';
import type { RecordedRequest } from './load-recording.js';

type Content = readonly [hash: string, message: Message];

/** A span with its meaning. */
export interface ReadSpan {
  readonly fact: SpanFact;
  readonly contents: readonly Content[];
}

/** A log record with its meaning; its id and place are those of the request that brings it. */
export interface ReadLog {
  readonly key: string;
  /** Place in the request. */
  readonly sequence: number;
  readonly fact: Omit<LogFact, 'recordId' | 'sequence'>;
  readonly contents: readonly Content[];
}

/** One export request, understood. */
export interface ReadRequest {
  readonly spans: readonly ReadSpan[];
  readonly logs: readonly ReadLog[];
}

/** Like `GenAiFact`, with the messages that its hashes stand for. */
function read(genAi: GenAi): { readonly fact: GenAiFact; readonly contents: readonly Content[] } {
  const { systemMessages, inputMessages, outputMessages, metadata: _, ...rest } = genAi;
  const contents: Content[] = [];
  const hashAll = (messages: readonly Message[]): readonly string[] =>
    messages.map((message) => {
      const hash = hashContent(message);
      contents.push([hash, message]);
      return hash;
    });
  const fact = {
    ...rest,
    systemHashes: hashAll(systemMessages),
    inputHashes: hashAll(inputMessages),
    outputHashes: hashAll(outputMessages),
  };
  return { fact, contents };
}

function readSpan(span: Span): ReadSpan {
  const { fact, contents } = read(normaliseSpan(span).genAi);
  const { traceId, spanId, parentSpanId, name, statusCode } = span;
  const { startTimeUnixNano, endTimeUnixNano } = span;
  return {
    fact: {
      ...fact,
      traceId,
      spanId,
      parentSpanId,
      name,
      statusCode,
      startTimeUnixNano,
      endTimeUnixNano,
      serviceName: serviceName(span),
      linkedTraceIds: span.links.map((link) => link.traceId),
    },
    contents,
  };
}

function readLog(log: LogRecord): ReadLog {
  const canonical = normaliseLog(log);
  const { fact, contents } = read(canonical.genAi);
  return {
    key: recordKey(log),
    sequence: log.sequence,
    fact: {
      ...fact,
      traceId: traceKeyOf(canonical),
      spanId: log.spanId ?? '',
      eventName: log.eventName,
      timeUnixNano: log.timeUnixNano,
      serviceName: serviceName(log),
    },
    contents,
  };
}

/** Gives what a request holds its meaning, once for however many rebuilds. */
export const readRequest = ({ spans, logs }: RecordedRequest): ReadRequest => ({
  spans: spans.map(readSpan),
  logs: logs.map(readLog),
});
