import type { Play } from '../recorder/play.js';

/** Plays a scenario through one SDK under one tracer; resolves when all telemetry has left. */
type RunEmitter = (play: Play) => Promise<void>;

/** Each emitter patches its SDK globally, so one process runs one of them. */
export const EMITTERS: Readonly<Record<string, () => Promise<RunEmitter>>> = {
  'openai-otel-chat': async () => (await import('./openai-otel.js')).runChat,
  'openai-otel-responses': async () => (await import('./openai-otel.js')).runResponses,
  'openai-openinference': async () => (await import('./openai-openinference.js')).runOpenInference,
  'openai-openinference-retrieval': async () =>
    (await import('./openai-openinference.js')).runRetrieval,
  'openai-traceloop': async () => (await import('./openai-traceloop.js')).run,
  'openai-traceloop-retrieval': async () => (await import('./openai-traceloop.js')).runRetrieval,
  'openai-traceloop-legacy': async () => (await import('./openai-traceloop-legacy.js')).run,
  'openai-colloquy-chat': async () => (await import('./openai-colloquy.js')).runChat,
  'openai-colloquy-responses': async () => (await import('./openai-colloquy.js')).runResponses,
  'ai-v5': async () => (await import('./ai-v5.js')).run,
  'ai-v6': async () => (await import('./ai-v6.js')).run,
  'ai-v7': async () => (await import('./ai-v7.js')).run,
  'ai-v5-colloquy': async () => (await import('./ai-v5-colloquy.js')).run,
  'ai-v6-colloquy': async () => (await import('./ai-v6-colloquy.js')).run,
  'ai-v7-colloquy': async () => (await import('./ai-v7-colloquy.js')).run,
};
