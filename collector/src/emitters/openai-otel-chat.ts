import type { EmitterOptions } from './emitter.js';
import { createChatApp } from './openai-chat-app.js';
import { runWithOtel } from './openai-otel.js';

/** `@opentelemetry/instrumentation-openai` over Chat Completions: one log event for each message. */
export const run = (options: EmitterOptions): Promise<void> =>
  runWithOtel('openai-otel-chat', options, createChatApp);
