import { createRequire } from 'node:module';
import { AISdkInstrumentation } from '@colloquy/instrumentation-ai-sdk';
import type * as ai6 from 'ai6';
import type { Play } from '../recorder/play.js';
import { recordedTool } from './ai-sdk-app.js';
import { aiV6App } from './ai-v6-app.js';
import { ColloquyTracer } from './colloquy-tracer.js';
import { playScenario } from './player.js';

/** The SDK as the class patches it when it is loaded; its package has another name here, so by hand. */
function patchedSdk(): typeof ai6 {
  const [definition] = new AISdkInstrumentation().getModuleDefinitions();
  return definition?.patch?.(createRequire(import.meta.url)('ai6')) as typeof ai6;
}

/** Our class over version 6, which it patches. */
export async function run(play: Play): Promise<void> {
  const tracer = new ColloquyTracer(play, 'ai-v6-colloquy');
  const app = aiV6App(play, { sdk: patchedSdk(), execute: recordedTool });
  await playScenario(play, app, tracer);
}
