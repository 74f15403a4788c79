import { SpanStatusCode, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** What can be flushed: the trace or the logger provider of an app. */
export interface Flushable {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Names the app and nothing of the machine. */
const neutralResource = (serviceName: string): Resource =>
  resourceFromAttributes({ 'service.name': serviceName });

/** Registers a global tracer provider with the stock OTLP/HTTP exporter. @param first - processors that come before it */
export function startTracing(
  serviceName: string,
  otlpUrl: string,
  encoding: 'protobuf' | 'json' = 'protobuf',
  first: readonly SpanProcessor[] = [],
): NodeTracerProvider {
  const url = `${otlpUrl}/v1/traces`;
  const exporter =
    encoding === 'json' ? new JsonTraceExporter({ url }) : new ProtobufTraceExporter({ url });
  const provider = new NodeTracerProvider({
    resource: neutralResource(serviceName),
    spanProcessors: [...first, new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return provider;
}

/** Registers a global logger provider with the stock OTLP/HTTP protobuf exporter. */
export function startLogging(serviceName: string, otlpUrl: string): LoggerProvider {
  const exporter = new OTLPLogExporter({ url: `${otlpUrl}/v1/logs` });
  const provider = new LoggerProvider({
    resource: neutralResource(serviceName),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  logs.setGlobalLoggerProvider(provider);
  return provider;
}

/** The app's own tracer. */
const appTracer = (): Tracer => trace.getTracer('chat-app', '1.0.0');

/** Runs one turn in a root span, as a web framework's request span would be. */
export async function inTurnSpan<T>(attributes: Attributes, run: () => Promise<T>): Promise<T> {
  return appTracer().startActiveSpan('chat turn', { attributes, root: true }, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
