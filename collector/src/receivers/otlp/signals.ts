import type { DecodedLogs, DecodedMetrics, DecodedRequest, DecodedTraces } from '@colloquy/schema';

export type Signal = DecodedRequest['signal'];

/** The two ways in which OTLP writes a request down; gRPC always uses the first. */
export type Encoding = 'protobuf' | 'json';

interface SignalKind {
  /** Where OTLP/HTTP posts it. */
  readonly path: string;
  /** The gRPC service whose `Export` takes it. */
  readonly service: string;
  /** JSON name of the count in `Export…PartialSuccess`; field 1 there for every signal. */
  readonly rejectedField: string;
  /** What one item is called in messages to the sender. */
  readonly noun: string;
}

/** @see https://opentelemetry.io/docs/specs/otlp/ (protocol 1.11.0) */
export const SIGNALS = {
  traces: {
    path: '/v1/traces',
    service: 'opentelemetry.proto.collector.trace.v1.TraceService',
    rejectedField: 'rejectedSpans',
    noun: 'spans',
  },
  logs: {
    path: '/v1/logs',
    service: 'opentelemetry.proto.collector.logs.v1.LogsService',
    rejectedField: 'rejectedLogRecords',
    noun: 'log records',
  },
  metrics: {
    path: '/v1/metrics',
    service: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
    rejectedField: 'rejectedDataPoints',
    noun: 'data points',
  },
} as const satisfies Record<Signal, SignalKind>;

export const SIGNAL_NAMES: readonly Signal[] = ['traces', 'logs', 'metrics'];

/**
 * Reads request bodies of one encoding. Pure; items come out flat, in request order, and
 * those under one OTLP block share their resource and scope objects.
 *
 * A bad item is left out and reported in `rejections`.
 * @throws ColloquyError `INVALID_OTLP` when the body as a whole cannot be read
 */
export interface OtlpDecoder {
  traces(body: Buffer): DecodedTraces;
  logs(body: Buffer): DecodedLogs;
  metrics(body: Buffer): DecodedMetrics;
}
