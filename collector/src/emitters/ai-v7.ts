import { OpenTelemetry } from '@ai-sdk/otel';
import {
  generateText,
  jsonSchema,
  Output,
  registerTelemetry,
  stepCountIs,
  streamText,
  tool,
  type ModelMessage,
} from 'ai7';
import { createOpenAI } from 'ai7-openai';
import type { Play } from '../recorder/play.js';
import { AiSdkApp, AiSdkTracer, MAX_STEPS, toldIds } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';
import { playScenario } from './player.js';
import { startTracing } from './telemetry.js';

function settings(play: Play, request: ModelRequest<ModelMessage>) {
  const { previousResponseId, schema } = request;
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
  const tells = play.scenario.capture ?? true;
  return {
    model: provider('gpt-5-mini'),
    instructions: request.system,
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
    prepareStep: () => ({ instructions: request.system }),
    maxRetries: 0,
    ...(schema !== undefined && {
      output: Output.object({ schema: jsonSchema(schema as object) }),
    }),
    ...(previousResponseId !== undefined && {
      providerOptions: { openai: { previousResponseId } },
    }),
    runtimeContext: toldIds(play, request),
    telemetry: {
      recordInputs: tells,
      recordOutputs: tells,
      includeRuntimeContext: { sessionId: true, userId: true },
    },
  };
}

/** AI SDK 7 over Responses; thread and user as runtime context. Sends OTLP/JSON. */
export async function run(play: Play): Promise<void> {
  const tracer = new AiSdkTracer(play, startTracing('ai-v7', play.otlpUrl, 'json'));
  registerTelemetry(new OpenTelemetry({ runtimeContext: true }));
  const app = new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      const { response, responseMessages, text } = await generateText(settings(play, request));
      return { messages: responseMessages, text, responseId: response.id };
    },
    stream: (request, abortSignal) => {
      const result = streamText({ ...settings(play, request), abortSignal });
      return {
        textStream: result.textStream,
        answer: async () => ({
          messages: await result.responseMessages,
          text: await result.text,
          responseId: (await result.response).id,
        }),
      };
    },
  });
  await playScenario(play, app, tracer);
}
