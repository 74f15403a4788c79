import { setImmediate } from 'node:timers/promises';
import type { Play } from '../../../dist/recorder/play.js';
import type { Tracer } from '../../../dist/emitters/tracer.js';
import type { ChainTracer } from './chain-tracer.js';

type Started = Promise<Tracer & Pick<ChainTracer, 'config'>>;

/** What LangChain is recorded with; each is loaded by itself, as several patch it. */
export const TRACERS = {
  openinference: async (play: Play): Started =>
    new (await import('./openinference-tracer.js')).OpenInferenceTracer(play),
  traceloop: async (play: Play): Started => {
    const { TraceloopTracer } = await import('./traceloop-tracer.js');
    const { CallbackManager } = await import('@langchain/core/callbacks/manager');
    const tracer = new TraceloopTracer(play);
    // It loads what it patches, and tells no run that starts before.
    while (!('_traceloopPatched' in CallbackManager)) await setImmediate();
    return tracer;
  },
  colloquy: async (play: Play): Started =>
    new (await import('./colloquy-chain-tracer.js')).ColloquyChainTracer(play),
  langfuse: async (play: Play): Started =>
    new (await import('./langfuse-tracer.js')).LangfuseTracer(play),
} as const;
