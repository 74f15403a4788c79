import { register } from 'node:module';
import { configure } from '@colloquy/threads';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { readConfig, type StartOptions } from './config.js';
import { findInstrumentations } from './find-instrumentations.js';
import { flushAtEnd } from './flush-at-end.js';
import { setUpProvider } from './set-up-provider.js';

export type { StartOptions } from './config.js';

/** What has been set up. */
export interface Telemetry {
  /** Sends what is held back. Never rejects: what cannot be sent is tried again. */
  flush(): Promise<void>;
}

let started: Telemetry | undefined;

/**
 * Sets up all that records conversations in this process: a tracer provider (or joins the one that is
 * there), an OTLP exporter, the thread processor, and the instrumentations that are installed. To be
 * called before the modules that are to be recorded are loaded; `node --import @colloquy/node` does that.
 *
 * @returns the same for every call: only the first sets up
 */
export function start(options: StartOptions = {}): Telemetry {
  if (started !== undefined) return started;
  const config = readConfig(options, process.env);
  started = { flush: async () => undefined };
  if (config.isDisabled) return started;
  if (config.captureContent !== undefined) configure({ captureContent: config.captureContent });
  const instrumentations: Instrumentation[] = [];
  const processors: SpanProcessor[] = [];
  const first = setUpProvider(config, (provider, more) => {
    processors.push(...more);
    for (const instrumentation of instrumentations) instrumentation.setTracerProvider(provider);
  });
  processors.push(...first);
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  instrumentations.push(...findInstrumentations(config.disabledInstrumentations, process.cwd()));
  const flush = async (): Promise<void> => {
    await Promise.allSettled(processors.map((processor) => processor.forceFlush()));
  };
  flushAtEnd(flush);
  started = { flush };
  return started;
}
