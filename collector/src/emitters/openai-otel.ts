import { register } from 'node:module';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Play } from '../recorder/play.js';
import { OpenAiChatApp } from './openai-chat-app.js';
import { openAiClients, type ClientOf } from './openai-clients.js';
import { OpenAiResponsesApp } from './openai-responses-app.js';
import { playScenario } from './player.js';
import { startLogging, startTracing } from './telemetry.js';
import { Tracer } from './tracer.js';

/** The instrumentation has no notion of a thread: the app says it on its own root span. */
function startTracer(play: Play, service: string): Tracer {
  const providers = [startTracing(service, play.otlpUrl), startLogging(service, play.otlpUrl)];
  const captureMessageContent = play.scenario.capture ?? true;
  registerInstrumentations({
    instrumentations: [new OpenAIInstrumentation({ captureMessageContent })],
  });
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  return new Tracer(play, providers);
}

/** Only what is imported after the hook is patched. */
const patchedClients = async (play: Play): Promise<ClientOf> =>
  openAiClients((await import('openai')).OpenAI, play);

/** `@opentelemetry/instrumentation-openai` over Chat Completions: one log event for each message. */
export async function runChat(play: Play): Promise<void> {
  const tracer = startTracer(play, 'openai-otel-chat');
  await playScenario(play, new OpenAiChatApp(await patchedClients(play)), tracer);
}

/** `@opentelemetry/instrumentation-openai` over Responses: two log events for each call. */
export async function runResponses(play: Play): Promise<void> {
  const tracer = startTracer(play, 'openai-otel-responses');
  await playScenario(play, new OpenAiResponsesApp(await patchedClients(play)), tracer);
}
