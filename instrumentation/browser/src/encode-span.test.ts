import {
  createTraceState,
  SpanKind,
  SpanStatusCode,
  trace,
  ROOT_CONTEXT,
  type Attributes,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import { encodeEnvelope, encodeSpan } from './encode-span.js';
import { SpanTracerProvider } from './tracer-provider.js';

type Play = (tracer: Tracer) => void;

const spanId = '00f067aa0ba902b7';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

function recordOurs(record: Play): string {
  const spans: string[] = [];
  const provider: TracerProvider = new SpanTracerProvider((span, scope) => {
    spans.push(encodeSpan(span, scope));
  });
  record(provider.getTracer('scope', '1.2.3'));
  return encodeEnvelope({ 'service.name': 'page' }).join(spans.join(','));
}

function recordSdk(record: Play): string {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  record(new BasicTracerProvider({ spanProcessors }).getTracer('scope', '1.2.3'));
  const bytes = JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans());
  return new TextDecoder().decode(bytes);
}

interface Request {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly scope: object;
      readonly spans: readonly Readonly<Record<string, unknown>>[];
    }[];
  }[];
}

/** The scope and the span of a request without what is chosen at random, and without counts of nothing. */
function read(json: string): unknown {
  const [scopeSpans] = (JSON.parse(json) as Request).resourceSpans[0]?.scopeSpans ?? [];
  return JSON.parse(
    JSON.stringify({ scope: scopeSpans?.scope, spans: scopeSpans?.spans }, (key, value: unknown) =>
      key === 'spanId' || (key.startsWith('dropped') && value === 0) ? undefined : value,
    ),
  );
}

const attributes: Attributes = {
  text: 'ä "quoted"\n',
  yes: true,
  count: 3,
  share: 0.25,
  tags: ['a', 'b'],
  holes: ['a', null, 'b'],
  counts: [1, 2.5],
};
const at = (seconds: number): [number, number] => [1_700_000_000 + seconds, 123_456_789];
const traceState = createTraceState('vendor=1');
const linked = { traceId, spanId, traceFlags: 1, traceState };
const parent = trace.setSpanContext(ROOT_CONTEXT, { ...linked, isRemote: true });

describe('a span is written as the SDK of OpenTelemetry writes it', () => {
  test.each<[string, Play]>([
    [
      'with attributes',
      (tracer) => tracer.startSpan('a', { attributes, startTime: at(0) }, parent).end(at(1)),
    ],
    [
      'with a kind, a status and another name',
      (tracer) => {
        const span = tracer.startSpan('a', { kind: SpanKind.CLIENT, startTime: at(0) }, parent);
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' }).updateName('b').end(at(1));
      },
    ],
    [
      'with events and an exception',
      (tracer) => {
        const span = tracer.startSpan('a', { startTime: at(0) }, parent);
        span.addEvent('one', { count: 1 }, at(1)).addEvent('two', at(2));
        const error = Object.assign(new TypeError('broken'), { stack: 'here' });
        span.recordException(error, at(3));
        span.end(at(4));
      },
    ],
    [
      'with links',
      (tracer) => {
        const links = [{ context: linked, attributes: { why: 'retry' } }];
        const span = tracer.startSpan('a', { links, startTime: at(0) }, parent);
        span.addLink({ context: { ...linked, isRemote: true } }).end(at(1));
      },
    ],
    [
      'and not what it is told after its end',
      (tracer) => {
        const span = tracer.startSpan('a', { startTime: at(0) }, parent);
        span.end(at(1));
        span.setAttribute('late', 1).addEvent('late').updateName('late');
        span.end(at(2));
      },
    ],
    [
      'with times of several kinds',
      (tracer) => {
        const span = tracer.startSpan('a', { startTime: new Date(1_700_000_000_123) }, parent);
        span.addEvent('later', 1_700_000_001_500).end(new Date(1_700_000_002_000));
      },
    ],
  ])('%s', (_name, record) => {
    expect(read(recordOurs(record))).toEqual(read(recordSdk(record)));
  });
});

test('a span without a parent begins a trace', () => {
  const { spans } = read(recordOurs((tracer) => tracer.startSpan('a', {}, ROOT_CONTEXT).end())) as {
    spans: readonly Readonly<Record<string, string>>[];
  };
  expect(spans[0]?.['traceId']).toMatch(/^[0-9a-f]{32}$/);
  expect(spans[0]).not.toHaveProperty('parentSpanId');
});

test('a clock that is set back makes no span end before its start', () => {
  const spans: bigint[] = [];
  const provider = new SpanTracerProvider(({ startTimeUnixNano, endTimeUnixNano }) => {
    spans.push(endTimeUnixNano - startTimeUnixNano);
  });
  const span = provider.getTracer('scope').startSpan('a', {}, ROOT_CONTEXT);
  const { now } = Date;
  Date.now = () => 0;
  span.end();
  Date.now = now;
  expect(spans[0]).toBeGreaterThanOrEqual(0n);
});
