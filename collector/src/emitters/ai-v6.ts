import { generateText, streamText } from 'ai6';
import type { Play } from '../recorder/play.js';
import { AiSdkTracer, ownTelemetry, plainTool } from './ai-sdk-app.js';
import { aiV6App } from './ai-v6-app.js';
import { playScenario } from './player.js';
import { startTracing, type Flushable } from './telemetry.js';

/** AI SDK 6 over Responses; thread and user as telemetry metadata. Sends OTLP/JSON. */
export async function run(
  play: Play,
  provider: Flushable = startTracing('ai-v6', play.otlpUrl, 'json'),
): Promise<void> {
  const sdk = { generateText, streamText };
  const app = aiV6App(play, { telemetry: ownTelemetry, sdk, execute: plainTool });
  await playScenario(play, app, new AiSdkTracer(play, provider));
}
