import type { SpanId, TraceId, UnixNano } from './units.js';

/**
 * One OTLP `AnyValue`. An `intValue` is a bigint and a `doubleValue` a number, so that
 * the two can be told apart; `null` is an empty `AnyValue`.
 * @see https://opentelemetry.io/docs/specs/otel/common/#anyvalue
 */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | AttributeMap;

/** A key-value list; a `Map`, so that a hostile key such as `__proto__` is a key like any other. */
export interface AttributeMap extends ReadonlyMap<string, AttributeValue> {}

/** Who sent it. One object is shared by all records of an OTLP `ResourceSpans` or `ResourceLogs`. */
export interface Resource {
  readonly attributes: AttributeMap;
  readonly schemaUrl: string;
}

/** The instrumentation library that made the record. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: AttributeMap;
  readonly schemaUrl: string;
}

/** @see https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export const SPAN_KINDS = [
  'Unspecified',
  'Internal',
  'Server',
  'Client',
  'Producer',
  'Consumer',
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export const STATUS_CODES = ['Unset', 'Ok', 'Error'] as const;
export type StatusCode = (typeof STATUS_CODES)[number];

export interface SpanEvent {
  readonly name: string;
  readonly timeUnixNano: UnixNano;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
}

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceState: string;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
}

/** One span as it arrived, with the resource and scope it arrived under. */
export interface Span {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** `undefined` on a root span. */
  readonly parentSpanId: SpanId | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixNano: UnixNano;
  readonly endTimeUnixNano: UnixNano;
  readonly attributes: AttributeMap;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly statusCode: StatusCode;
  readonly statusMessage: string;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

/** One log record as it arrived. */
export interface LogRecord {
  readonly resource: Resource;
  readonly scope: Scope;
  /** `undefined` when the record was written outside any span. */
  readonly traceId: TraceId | undefined;
  readonly spanId: SpanId | undefined;
  readonly flags: number;
  /** `timeUnixNano`, or `observedTimeUnixNano` where the emitter left the first at 0. */
  readonly timeUnixNano: UnixNano;
  readonly observedTimeUnixNano: UnixNano;
  readonly severityNumber: number;
  readonly severityText: string;
  /** Field `event_name`, or the older attribute `event.name`; `''` when the record is no event. */
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
  /**
   * Place of the record in its request. Emitters write a call's messages within one
   * millisecond, so this is what keeps them in order and tells equal ones apart.
   */
  readonly sequence: number;
}

/** Why one item of a request was refused while the others were taken. */
export interface Rejection {
  readonly reason: string;
}

/** A decoded `ExportTraceServiceRequest`, flattened in request order. */
export interface DecodedTraces {
  readonly signal: 'traces';
  readonly items: readonly Span[];
  readonly rejections: readonly Rejection[];
}

/** A decoded `ExportLogsServiceRequest`, flattened in request order. */
export interface DecodedLogs {
  readonly signal: 'logs';
  readonly items: readonly LogRecord[];
  readonly rejections: readonly Rejection[];
}

/** A decoded `ExportMetricsServiceRequest`: metrics are counted, not kept. */
export interface DecodedMetrics {
  readonly signal: 'metrics';
  readonly dataPoints: number;
}

export type DecodedRequest = DecodedTraces | DecodedLogs | DecodedMetrics;
