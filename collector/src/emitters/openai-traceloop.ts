import * as sdk from '@traceloop/node-server-sdk';
import type { Play } from '../recorder/play.js';
import { runWithTraceloop } from './traceloop.js';

/** Traceloop's SDK, current: messages as JSON in `gen_ai.input.messages` and its output twin. */
export const run = (play: Play): Promise<void> => runWithTraceloop(sdk, 'openai-traceloop', play);
