import * as sdk from '@traceloop/node-server-sdk';
import type { Play } from '../recorder/play.js';
import { OpenAiRetrievalApp } from './openai-retrieval-app.js';
import { runWithTraceloop } from './traceloop.js';

/** Traceloop's SDK, current: messages as JSON in `gen_ai.input.messages` and its output twin. */
export const run = (play: Play): Promise<void> => runWithTraceloop(sdk, 'openai-traceloop', play);

/** The same with what was retrieved in each prompt. */
export const runRetrieval = (play: Play): Promise<void> =>
  runWithTraceloop(sdk, 'openai-traceloop', play, OpenAiRetrievalApp);
