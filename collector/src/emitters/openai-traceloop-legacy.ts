import * as sdk from 'traceloop-legacy';
import type { Play } from '../recorder/play.js';
import { runWithTraceloop } from './traceloop.js';

/** Traceloop's SDK before 0.23: messages as indexed keys, `gen_ai.prompt.0.content` and so on. */
export const run = (play: Play): Promise<void> =>
  runWithTraceloop(sdk, 'openai-traceloop-legacy', play);
