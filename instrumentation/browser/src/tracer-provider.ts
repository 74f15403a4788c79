import { ThreadSpanProcessor } from '@colloquy/threads';
import {
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { randomHex } from './random-hex.js';
import { RecordedSpan } from './span.js';

/** Whose spans they are: the name and version of what records. */
export interface InstrumentationScope {
  readonly name: string;
  readonly version: string | undefined;
}

/** Told of each span that has ended. */
export type SpanSink = (span: RecordedSpan, scope: InstrumentationScope) => void;

type Body = (span: Span) => unknown;

class SpanTracer implements Tracer {
  readonly #scope: InstrumentationScope;
  readonly #sink: SpanSink;
  readonly #threads = new ThreadSpanProcessor();

  constructor(scope: InstrumentationScope, sink: SpanSink) {
    this.#scope = scope;
    this.#sink = sink;
  }

  startSpan(name: string, options: SpanOptions = {}, ctx: Context = context.active()): Span {
    const from = options.root === true ? trace.deleteSpan(ctx) : ctx;
    const around = trace.getSpanContext(from);
    const parent = around !== undefined && isSpanContextValid(around) ? around : undefined;
    if (isTracingSuppressed(from)) return trace.wrapSpanContext(parent ?? INVALID_SPAN_CONTEXT);
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [], startTime } = options;
    // What the application samples is its own affair: what people say is reported, all of it.
    const spanContext = {
      traceId: parent?.traceId ?? randomHex(16),
      spanId: randomHex(8),
      traceFlags: TraceFlags.SAMPLED,
      ...(parent?.traceState && { traceState: parent.traceState }),
    };
    const start = { name, kind, context: spanContext, parent, attributes, links, startTime };
    const span = new RecordedSpan(start, (ended) => this.#sink(ended, this.#scope));
    this.#threads.onStart(span, from);
    return span;
  }

  startActiveSpan<F extends Body>(name: string, ...rest: readonly unknown[]): ReturnType<F> {
    const fn = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const ctx = rest.length > 2 ? (rest[1] as Context) : context.active();
    const span = this.startSpan(name, options, ctx);
    return context.with(trace.setSpan(ctx, span), () => fn(span)) as ReturnType<F>;
  }
}

/**
 * As small as a tracer provider can be: it samples all, knows threads, and hands each span that has
 * ended to a sink. The SDK's own takes up most of the size that this package may have.
 */
export class SpanTracerProvider implements TracerProvider {
  readonly #sink: SpanSink;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  getTracer(name: string, version?: string): Tracer {
    return new SpanTracer({ name, version }, this.#sink);
  }
}
