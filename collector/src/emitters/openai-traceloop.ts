import * as sdk from '@traceloop/node-server-sdk';
import type { EmitterOptions } from './emitter.js';
import { runWithTraceloop } from './traceloop.js';

/** Traceloop's SDK, current: messages as JSON in `gen_ai.input.messages` and its output twin. */
export const run = (options: EmitterOptions): Promise<void> =>
  runWithTraceloop(sdk, 'openai-traceloop', options);
