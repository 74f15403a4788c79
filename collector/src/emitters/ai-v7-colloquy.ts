import { AISdkInstrumentation } from '@colloquy/instrumentation-ai-sdk';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Play } from '../recorder/play.js';
import { aiV7App } from './ai-v7-app.js';
import { ColloquyTracer } from './colloquy-tracer.js';
import { playScenario } from './player.js';

/** Our class over version 7, which tells it of models and tools. */
export async function run(play: Play): Promise<void> {
  const tracer = new ColloquyTracer(play, 'ai-v7-colloquy');
  registerInstrumentations({ instrumentations: [new AISdkInstrumentation()] });
  await playScenario(
    play,
    aiV7App(play, () => ({})),
    tracer,
  );
}
