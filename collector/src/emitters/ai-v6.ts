import {
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  type ModelMessage,
} from 'ai6';
import { createOpenAI } from 'ai6-openai';
import type { Play } from '../recorder/play.js';
import { AiSdkApp, AiSdkTracer, MAX_STEPS, toldIds } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';
import { playScenario } from './player.js';
import { startTracing, type Flushable } from './telemetry.js';

function settings(play: Play, request: ModelRequest<ModelMessage>) {
  const { previousResponseId, schema } = request;
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
  const tells = play.scenario.capture ?? true;
  return {
    model: provider('gpt-5-mini'),
    system: request.system,
    messages: [...request.messages],
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
    maxRetries: 0,
    ...(schema !== undefined && {
      output: Output.object({ schema: jsonSchema(schema as object) }),
    }),
    ...(previousResponseId !== undefined && {
      providerOptions: { openai: { previousResponseId } },
    }),
    experimental_telemetry: {
      isEnabled: true,
      recordInputs: tells,
      recordOutputs: tells,
      metadata: toldIds(play, request),
    },
  };
}

/** AI SDK 6 over Responses; thread and user as telemetry metadata. Sends OTLP/JSON. */
export async function run(
  play: Play,
  provider: Flushable = startTracing('ai-v6', play.otlpUrl, 'json'),
): Promise<void> {
  const app = new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      const { response, text } = await generateText(settings(play, request));
      return { messages: response.messages, text, responseId: response.id };
    },
    stream: (request, abortSignal) => {
      const result = streamText({ ...settings(play, request), abortSignal });
      return {
        textStream: result.textStream,
        answer: async () => {
          const { id, messages } = await result.response;
          return { messages, text: await result.text, responseId: id };
        },
      };
    },
  });
  await playScenario(play, app, new AiSdkTracer(play, provider));
}
