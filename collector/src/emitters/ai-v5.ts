import type { Play } from '../recorder/play.js';
import { AiSdkTracer, ownTelemetry, plainTool } from './ai-sdk-app.js';
import { aiV5App } from './ai-v5-app.js';
import { playScenario } from './player.js';
import { startTracing } from './telemetry.js';

/** AI SDK 5 over Chat Completions; thread and user as telemetry metadata. */
export async function run(play: Play): Promise<void> {
  const app = aiV5App(play, {
    telemetry: ownTelemetry,
    model: (model) => model,
    execute: plainTool,
  });
  await playScenario(play, app, new AiSdkTracer(play, startTracing('ai-v5', play.otlpUrl)));
}
