import type { Dialect } from '../dialect.js';

/**
 * Instrumentations of Amazon Bedrock, which hand on what its API counts. They write OTel
 * attributes and events, which `otel-genai` reads.
 */
export const bedrock: Dialect = {
  name: 'bedrock',
  marks: [],
  scopes: [/^opentelemetry\.instrumentation\.(?:genai\.)?(?:bedrock|botocore\.bedrock)/],
  countsCacheApart: true,
};
