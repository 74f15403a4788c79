import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

// Telemetry for tests, made by the OpenTelemetry SDK, so that its exporters can send it.

const resource = resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 42 });

interface Exporter<Items> {
  export(items: Items, done: (result: { code: number; error?: Error }) => void): void;
}

/** Sends the items, and resolves with what the exporter says about it; code 0 is success. */
export const exportWith = async <Items>(
  exporter: Exporter<Items>,
  items: Items,
): Promise<{ code: number; error?: Error }> =>
  new Promise((resolve) => exporter.export(items, resolve));

/** A parent and its child, with every kind of attribute, an event, a link and a status. */
export function createSdkSpans(): readonly ReadableSpan[] {
  const memory = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(memory)];
  const tracer = new BasicTracerProvider({ resource, spanProcessors }).getTracer('shop', '1.2.3');
  const other = tracer.startSpan('other', { kind: SpanKind.SERVER });
  const span = tracer.startSpan('chat gpt-4o', {
    kind: SpanKind.CLIENT,
    links: [{ context: other.spanContext(), attributes: { reason: 'retry' } }],
    attributes: {
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.request.temperature': 0.7,
      'gen_ai.response.finish_reasons': ['stop', 'length'],
      'big.integer': 2 ** 52,
      'negative.integer': -7,
      'is.streamed': true,
      'not.a.number': Number.NaN,
      text: 'Grüße 👋 "quoted" \\ \n',
    },
  });
  span.addEvent('first token', { 'gen_ai.token.count': 1 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'too long' });
  span.end();
  other.end();
  return memory.getFinishedSpans();
}

/** An event with a structured body, and a plain record. */
export function createSdkLogRecords(): readonly ReadableLogRecord[] {
  const memory = new InMemoryLogRecordExporter();
  const processors = [new SimpleLogRecordProcessor({ exporter: memory })];
  const logger = new LoggerProvider({ resource, processors }).getLogger('shop', '1.2.3');
  logger.emit({
    eventName: 'gen_ai.client.inference.operation.details',
    severityNumber: SeverityNumber.INFO,
    body: { messages: [{ role: 'user', parts: ['hello', 1, 0.5, null, true] }] },
    attributes: { nested: { list: [1, 'two'], bytes: Uint8Array.of(0, 255) } },
  });
  logger.emit({ body: 'plain', severityText: 'WARN', attributes: { 'event.name': 'older' } });
  return memory.getFinishedLogRecords();
}
