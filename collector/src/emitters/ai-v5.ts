import {
  generateObject,
  generateText,
  jsonSchema,
  stepCountIs,
  streamText,
  tool,
  type ModelMessage,
} from 'ai5';
import { createOpenAI } from 'ai5-openai';
import type { Play } from '../recorder/play.js';
import { AiSdkApp, AiSdkTracer, MAX_STEPS, toldIds } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';
import { playScenario } from './player.js';
import { startTracing } from './telemetry.js';

/** What every function of the SDK takes. */
function settings(play: Play, request: ModelRequest<ModelMessage>) {
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
  const tells = play.scenario.capture ?? true;
  return {
    model: provider.chat('gpt-4o-mini'),
    system: request.system,
    messages: [...request.messages],
    maxRetries: 0,
    experimental_telemetry: {
      isEnabled: true,
      recordInputs: tells,
      recordOutputs: tells,
      metadata: toldIds(play, request),
    },
  };
}

/** What the functions with a tool loop take besides. */
const loop = (request: ModelRequest<ModelMessage>) => ({
  tools: Object.fromEntries(
    request.tools.map(({ name, description, parameters, run: execute }) => {
      const inputSchema = jsonSchema<Record<string, unknown>>({
        ...parameters,
        required: [...parameters.required],
      });
      return [name, tool({ description, inputSchema, execute })];
    }),
  ),
  stopWhen: stepCountIs(MAX_STEPS),
  prepareStep: () => ({ system: request.system }),
});

/** AI SDK 5 over Chat Completions; thread and user as telemetry metadata. */
export async function run(play: Play): Promise<void> {
  const app = new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      if (request.schema !== undefined) {
        const schema = jsonSchema(request.schema as object);
        const { object } = await generateObject({ ...settings(play, request), schema });
        const content = JSON.stringify(object);
        return { messages: [{ role: 'assistant', content }], text: content };
      }
      const { response, text } = await generateText({
        ...settings(play, request),
        ...loop(request),
      });
      return { messages: response.messages, text };
    },
    stream: (request, abortSignal) => {
      const result = streamText({ ...settings(play, request), ...loop(request), abortSignal });
      return {
        textStream: result.textStream,
        answer: async () => ({
          messages: (await result.response).messages,
          text: await result.text,
        }),
      };
    },
  });
  await playScenario(play, app, new AiSdkTracer(play, startTracing('ai-v5', play.otlpUrl)));
}
