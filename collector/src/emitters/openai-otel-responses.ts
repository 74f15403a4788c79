import type { EmitterOptions } from './emitter.js';
import { createResponsesApp } from './openai-responses-app.js';
import { runWithOtel } from './openai-otel.js';

/** `@opentelemetry/instrumentation-openai` over Responses: two log events for each call. */
export const run = (options: EmitterOptions): Promise<void> =>
  runWithOtel('openai-otel-responses', options, createResponsesApp);
