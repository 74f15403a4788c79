import { generateText, jsonSchema, stepCountIs, streamText, tool, type ModelMessage } from 'ai6';
import { createOpenAI } from 'ai6-openai';
import { MAX_STEPS, runAiSdkApp } from './ai-sdk-app.js';
import { apiKeyOf, type EmitterOptions } from './emitter.js';
import { startTracing } from './telemetry.js';

/** AI SDK 6 over Responses; thread and user as telemetry metadata. Sends OTLP/JSON. */
export async function run(options: EmitterOptions): Promise<void> {
  const { otlpUrl, providerUrl, threadId: sessionId, userId, scenario } = options;
  const provider = startTracing('ai-v6', otlpUrl, 'json');
  const { name, description, parameters } = scenario.tool;
  const inputSchema = jsonSchema<Record<string, unknown>>(structuredClone(parameters) as object);
  const settings = {
    model: createOpenAI({ baseURL: `${providerUrl}/v1`, apiKey: apiKeyOf(options) })('gpt-5-mini'),
    system: scenario.system,
    tools: {
      [name]: tool({ description, inputSchema, execute: async () => scenario.tool.result }),
    },
    stopWhen: stepCountIs(MAX_STEPS),
    maxRetries: 0,
    experimental_telemetry: { isEnabled: true, metadata: { sessionId, userId } },
  };
  await runAiSdkApp<ModelMessage>(options, provider, {
    userMessage: (content) => ({ role: 'user', content }),
    generate: async (messages) => (await generateText({ ...settings, messages })).response.messages,
    stream: async (messages) => {
      const result = streamText({ ...settings, messages });
      await result.consumeStream();
      return (await result.response).messages;
    },
  });
}
