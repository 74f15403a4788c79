import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '@colloquy/fake-provider';
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { exportWith } from '../receivers/otlp/sdk-telemetry.js';
import type { SpanDraft } from './span-shapes.js';

/** One export request, ready to be sent. */
export interface RecordedExport {
  readonly body: Buffer;
  readonly spans: number;
}

/** Makes requests out of spans, byte for byte as the stock SDK and exporter send them. */
export interface RequestRecorder {
  /** Each span becomes a trace of its own. */
  record(drafts: readonly SpanDraft[]): Promise<RecordedExport>;
  stop(): Promise<void>;
}

const RESOURCE = {
  'service.name': 'chat-service',
  'service.version': '1.4.2',
  'deployment.environment.name': 'bench',
};
const DURATION_MS = 800;
/** Spans of one recorder begin one after the other, from an hour ago on. */
const FIRST_START_AGO_MS = 3_600_000;

/** An OTLP receiver that keeps the last body. */
async function startSink() {
  let last = Buffer.alloc(0);
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      last = body;
      return response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  return {
    url: await listen(server),
    takeLast: (): Buffer => last,
    stop: () => server.close().closeAllConnections(),
  };
}

/** Starts the SDK, and a receiver for its exporter. */
export async function startRecorder(): Promise<RequestRecorder> {
  const sink = await startSink();
  const exporter = new OTLPTraceExporter({ url: `${sink.url}/v1/traces` });
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes(RESOURCE),
    spanProcessors: [new SimpleSpanProcessor(memory)],
  });
  const tracer = provider.getTracer('bench', '1.0.0');
  let start = Date.now() - FIRST_START_AGO_MS;
  return {
    async record(drafts) {
      for (const { name, attributes } of drafts) {
        start += 1;
        const options = { kind: SpanKind.CLIENT, startTime: start, attributes };
        tracer.startSpan(name, options, ROOT_CONTEXT).end(start + DURATION_MS);
      }
      await provider.forceFlush();
      const spans = memory.getFinishedSpans();
      const { error } = await exportWith(exporter, spans);
      memory.reset();
      if (error !== undefined) throw error;
      return { body: sink.takeLast(), spans: spans.length };
    },
    async stop() {
      await exporter.shutdown();
      sink.stop();
    },
  };
}
