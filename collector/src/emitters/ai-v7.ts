import { OpenTelemetry } from '@ai-sdk/otel';
import { registerTelemetry } from 'ai7';
import type { Play } from '../recorder/play.js';
import { AiSdkTracer, toldIds } from './ai-sdk-app.js';
import { aiV7App } from './ai-v7-app.js';
import { playScenario } from './player.js';
import { startTracing } from './telemetry.js';

/** AI SDK 7 over Responses; thread and user as runtime context. Sends OTLP/JSON. */
export async function run(play: Play): Promise<void> {
  const tracer = new AiSdkTracer(play, startTracing('ai-v7', play.otlpUrl, 'json'));
  registerTelemetry(new OpenTelemetry({ runtimeContext: true }));
  const tells = play.scenario.capture ?? true;
  const app = aiV7App(play, (request) => ({
    runtimeContext: toldIds(play, request),
    telemetry: {
      recordInputs: tells,
      recordOutputs: tells,
      includeRuntimeContext: { sessionId: true, userId: true },
    },
  }));
  await playScenario(play, app, tracer);
}
