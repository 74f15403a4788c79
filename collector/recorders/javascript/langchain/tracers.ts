import { setImmediate } from 'node:timers/promises';
import { CallbackManager } from '@langchain/core/callbacks/manager';
import type { Play } from '../../../dist/recorder/play.js';
import type { ChainTracer } from './chain-tracer.js';

/** What LangChain is recorded with; each is loaded by itself, as several patch it. */
export const TRACERS = {
  openinference: async (play: Play): Promise<ChainTracer> =>
    new (await import('./openinference-tracer.js')).OpenInferenceTracer(play),
  traceloop: async (play: Play): Promise<ChainTracer> => {
    const { TraceloopTracer } = await import('./traceloop-tracer.js');
    const tracer = new TraceloopTracer(play);
    // It loads what it patches, and tells no run that starts before.
    while (!('_traceloopPatched' in CallbackManager)) await setImmediate();
    return tracer;
  },
  langfuse: async (play: Play): Promise<ChainTracer> =>
    new (await import('./langfuse-tracer.js')).LangfuseTracer(play),
} as const;
