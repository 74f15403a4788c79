import { OpenTelemetry } from '@ai-sdk/otel';
import {
  generateText,
  jsonSchema,
  registerTelemetry,
  stepCountIs,
  streamText,
  tool,
  type ModelMessage,
} from 'ai7';
import { createOpenAI } from 'ai7-openai';
import { MAX_STEPS, runAiSdkApp } from './ai-sdk-app.js';
import { apiKeyOf, type EmitterOptions } from './emitter.js';
import { startTracing } from './telemetry.js';

/** AI SDK 7 over Responses; thread and user as runtime context. Sends OTLP/JSON. */
export async function run(options: EmitterOptions): Promise<void> {
  const { otlpUrl, providerUrl, threadId: sessionId, userId, scenario } = options;
  const provider = startTracing('ai-v7', otlpUrl, 'json');
  registerTelemetry(new OpenTelemetry({ runtimeContext: true }));
  const { name, description, parameters } = scenario.tool;
  const inputSchema = jsonSchema<Record<string, unknown>>(structuredClone(parameters) as object);
  const settings = {
    model: createOpenAI({ baseURL: `${providerUrl}/v1`, apiKey: apiKeyOf(options) })('gpt-5-mini'),
    instructions: scenario.system,
    tools: {
      [name]: tool({ description, inputSchema, execute: async () => scenario.tool.result }),
    },
    stopWhen: stepCountIs(MAX_STEPS),
    maxRetries: 0,
    runtimeContext: { sessionId, userId },
    telemetry: { includeRuntimeContext: { sessionId: true, userId: true } },
  };
  await runAiSdkApp<ModelMessage>(options, provider, {
    userMessage: (content) => ({ role: 'user', content }),
    generate: async (messages) => (await generateText({ ...settings, messages })).responseMessages,
    stream: async (messages) => {
      const result = streamText({ ...settings, messages });
      await result.consumeStream();
      return await result.responseMessages;
    },
  });
}
