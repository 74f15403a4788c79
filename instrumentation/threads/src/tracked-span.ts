import {
  context,
  isSpanContextValid,
  trace,
  type Attributes,
  type Context,
  type HrTime,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { BoundedMap } from './bounded-map.js';
import { VERSION } from './version.js';
import { warnOnce } from './warn.js';

let ownProvider: TracerProvider | undefined;

/** Sets where our spans go; without one, to the provider that the application has set up for all. */
export function setTracerProvider(provider: TracerProvider | undefined): void {
  ownProvider = provider;
}

export const tracerOf = (): Tracer =>
  (ownProvider ?? trace).getTracer('@colloquy/threads', VERSION);

const MAX_TRACES = 10_000;

/** The thread of each trace of late. */
const threadOfTrace = new BoundedMap<string, string>(MAX_TRACES);

/**
 * The context to report in: the active one, unless its trace is of another thread already; then one
 * that begins a trace. A trace belongs to one thread.
 */
export function contextOfThread(threadId: string, active: Context = context.active()): Context {
  const traceId = trace.getSpanContext(active)?.traceId;
  if (traceId === undefined) return active;
  const known = threadOfTrace.get(traceId) ?? threadId;
  threadOfTrace.set(traceId, known);
  return known === threadId ? active : trace.deleteSpan(active);
}

let lastTick = 0;

/** Now; never twice the same, for clocks tell milliseconds and messages have an order. */
function tick(): HrTime {
  const micros = Math.max(Date.now() * 1_000, lastTick + 1);
  lastTick = micros;
  return [Math.floor(micros / 1_000_000), (micros % 1_000_000) * 1_000];
}

/** Reports something that took no time, as a span. */
export function reportSpan(name: string, attributes: Attributes, threadId?: string): void {
  const parent = threadId === undefined ? context.active() : contextOfThread(threadId);
  const startTime = tick();
  const span = tracerOf().startSpan(name, { attributes, startTime }, parent);
  if (!isSpanContextValid(span.spanContext()))
    warnOnce(
      'nothing is recorded: no tracer provider is set up; see @colloquy/node and @colloquy/browser',
    );
  span.end(startTime);
}
