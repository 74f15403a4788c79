import * as sdk from 'traceloop-legacy';
import type { EmitterOptions } from './emitter.js';
import { runWithTraceloop } from './traceloop.js';

/** Traceloop's SDK before 0.23: messages as indexed keys, `gen_ai.prompt.0.content` and so on. */
export const run = (options: EmitterOptions): Promise<void> =>
  runWithTraceloop(sdk, 'openai-traceloop-legacy', options);
