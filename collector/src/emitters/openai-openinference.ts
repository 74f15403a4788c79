import { context } from '@opentelemetry/api';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { setSession, setUser, traceChain, traceTool } from '@arizeai/openinference-core';
import { OpenAI } from 'openai';
import { apiKeyOf, createTool, type EmitterOptions } from './emitter.js';
import { createChatApp } from './openai-chat-app.js';
import { startTracing } from './telemetry.js';

/** OpenInference over Chat Completions: thread and user by its context helpers, on every span. */
export async function run(options: EmitterOptions): Promise<void> {
  const { otlpUrl, providerUrl, threadId: sessionId, userId, scenario } = options;
  const provider = startTracing('openai-openinference', otlpUrl);
  new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);
  const client = new OpenAI({
    baseURL: `${providerUrl}/v1`,
    apiKey: apiKeyOf(options),
    maxRetries: 0,
  });
  const callTool = traceTool(createTool(scenario), { name: scenario.tool.name });
  const ask = traceChain(createChatApp(client, scenario, callTool), { name: 'chat turn' });
  for (const { user, stream = false } of scenario.turns) {
    const thread = setUser(setSession(context.active(), { sessionId }), { userId });
    await context.with(thread, () => ask(user, stream));
    await provider.forceFlush();
  }
  await provider.shutdown();
}
