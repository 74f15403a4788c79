import { register } from 'node:module';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { OpenAI } from 'openai';
import { apiKeyOf, createTool, type Ask, type CallTool, type EmitterOptions } from './emitter.js';
import type { Scenario } from './scenario.js';
import { inTurnSpan, startLogging, startTracing } from './telemetry.js';

type CreateApp = (client: OpenAI, scenario: Scenario, callTool: CallTool) => Ask;

/**
 * Holds the conversation with `@opentelemetry/instrumentation-openai`, content capture on. The
 * instrumentation has no notion of a thread: the app says it on its own root span.
 */
export async function runWithOtel(
  serviceName: string,
  options: EmitterOptions,
  createApp: CreateApp,
): Promise<void> {
  const { otlpUrl, providerUrl, threadId, userId, scenario } = options;
  const providers = [startTracing(serviceName, otlpUrl), startLogging(serviceName, otlpUrl)];
  const instrumentations = [new OpenAIInstrumentation({ captureMessageContent: true })];
  registerInstrumentations({ instrumentations });
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  // Only what is imported after the hook is patched.
  const sdk = await import('openai');
  const client = new sdk.OpenAI({
    baseURL: `${providerUrl}/v1`,
    apiKey: apiKeyOf(options),
    maxRetries: 0,
  });
  const ask = createApp(client, scenario, createTool(scenario));
  for (const { user, stream = false } of scenario.turns) {
    await inTurnSpan({ 'session.id': threadId, 'user.id': userId }, () => ask(user, stream));
    for (const provider of providers) await provider.forceFlush();
  }
  for (const provider of providers) await provider.shutdown();
}
