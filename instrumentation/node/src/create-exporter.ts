import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Config } from './config.js';

/** An exporter to the collector; what is not told here it reads from `OTEL_EXPORTER_OTLP_*` itself. */
export const createExporter = ({ endpoint, apiKey }: Config): OTLPTraceExporter =>
  new OTLPTraceExporter({
    ...(endpoint !== undefined && { url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
    ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
  });
