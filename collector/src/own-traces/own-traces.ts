import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Where spans about the collector itself go; can be handed to a thread. */
export interface OwnTraces {
  /** OTLP/HTTP base URL of another backend. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names this process, so that it knows its own spans should they come back. */
  readonly instance: string;
}

/** By this header a collector knows what it sent itself. */
export const INSTANCE_HEADER = 'colloquy-instance';

export const createOwnTraces = (url: string, headers: OwnTraces['headers']): OwnTraces => ({
  url,
  headers,
  instance: randomUUID(),
});

/**
 * From here on this thread tells of its work as OTel spans. What the backend does not take is dropped:
 * what we do for others does not wait for it.
 *
 * @returns sends what is left, and ends
 */
export function startOwnTraces({ url, headers, instance }: OwnTraces): () => Promise<void> {
  const exporter = new OTLPTraceExporter({
    url: `${url}/v1/traces`,
    headers: { ...headers, [INSTANCE_HEADER]: instance },
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'colloquy',
      'service.instance.id': instance,
    }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  return async () => {
    await provider.shutdown().catch(() => undefined);
    trace.disable();
  };
}
