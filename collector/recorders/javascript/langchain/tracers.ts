import type { Play } from '../../../dist/recorder/play.js';
import type { ChainTracer } from './chain-tracer.js';

/** What LangChain is recorded with; each is loaded by itself, as several patch it. */
export const TRACERS = {
  openinference: async (play: Play): Promise<ChainTracer> =>
    new (await import('./openinference-tracer.js')).OpenInferenceTracer(play),
  langfuse: async (play: Play): Promise<ChainTracer> =>
    new (await import('./langfuse-tracer.js')).LangfuseTracer(play),
} as const;
