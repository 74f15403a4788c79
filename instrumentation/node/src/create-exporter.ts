import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Config } from './config.js';
import { letProcessEnd } from './let-process-end.js';

/** An exporter to the collector; what is not told here it reads from `OTEL_EXPORTER_OTLP_*` itself. */
export const createExporter = ({ endpoint, apiKey }: Config): OTLPTraceExporter =>
  letProcessEnd(
    new OTLPTraceExporter({
      // Batches on their way; what comes when there are more is lost, and memory is not.
      concurrencyLimit: 8,
      ...(endpoint !== undefined && { url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
      ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
    }),
  );
