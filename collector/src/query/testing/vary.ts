import type {
  AttributeMap,
  AttributeValue,
  LogRecord,
  Span,
  TraceId,
  UnixNano,
} from '@colloquy/schema';
import { digest } from '../../digest.js';
import type { Recording } from '../../recordings/load-recording.js';
import type { Telemetry } from './test-store.js';

/** How a copy of a recording differs from it. */
export interface Variation {
  readonly threadId?: string;
  /** Gives the copy trace ids of its own. */
  readonly salt?: string;
  readonly shiftNano?: bigint;
  /** Text to be replaced wherever it stands in an attribute or a log's body. */
  readonly words?: readonly [from: string, to: string];
}

/** All that was recorded, in one. */
export const telemetryOf = ({ requests }: Recording): Telemetry => ({
  spans: requests.flatMap(({ spans }) => spans),
  logs: requests.flatMap(({ logs }) => logs),
});

/** The telemetry as another conversation, or another take of the same one. */
export function vary(
  { spans, logs }: Telemetry,
  ofThread: string,
  { threadId = ofThread, salt, shiftNano = 0n, words = ['', ''] }: Variation,
): Telemetry {
  const [from, to] = words;
  const shift = (nano: UnixNano): UnixNano => (nano + shiftNano) as UnixNano;
  const traceIdOf = (traceId: TraceId): TraceId =>
    (salt === undefined ? traceId : digest(salt + traceId).replaceAll('-', '')) as TraceId;
  const textOf = (text: string): string =>
    text === ofThread ? threadId : from === '' ? text : text.replaceAll(from, to);
  const valueOf = (value: AttributeValue): AttributeValue => {
    if (typeof value === 'string') return textOf(value);
    if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(valueOf);
    return value instanceof Map ? attributesOf(value as AttributeMap) : value;
  };
  const attributesOf = (attributes: AttributeMap): AttributeMap =>
    new Map([...attributes].map(([key, value]) => [key, valueOf(value)] as const));
  return {
    spans: spans.map((span): Span => ({
      ...span,
      traceId: traceIdOf(span.traceId),
      attributes: attributesOf(span.attributes),
      startTimeUnixNano: shift(span.startTimeUnixNano),
      endTimeUnixNano: shift(span.endTimeUnixNano),
    })),
    logs: logs.map((log): LogRecord => ({
      ...log,
      traceId: log.traceId === undefined ? undefined : traceIdOf(log.traceId),
      attributes: attributesOf(log.attributes),
      body: valueOf(log.body),
      timeUnixNano: shift(log.timeUnixNano),
    })),
  };
}
