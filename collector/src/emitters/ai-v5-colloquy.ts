import { colloquyMiddleware } from '@colloquy/instrumentation-ai-sdk';
import { wrapLanguageModel } from 'ai5';
import type { Play } from '../recorder/play.js';
import { recordedTool } from './ai-sdk-app.js';
import { aiV5App } from './ai-v5-app.js';
import { ColloquyTracer } from './colloquy-tracer.js';
import { playScenario } from './player.js';

/** Our middleware around the models of version 5. */
export async function run(play: Play): Promise<void> {
  const tracer = new ColloquyTracer(play, 'ai-v5-colloquy');
  const app = aiV5App(play, {
    model: (model) => wrapLanguageModel({ model, middleware: colloquyMiddleware() }),
    execute: recordedTool,
  });
  await playScenario(play, app, tracer);
}
