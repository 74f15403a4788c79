import {
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  type ModelMessage,
} from 'ai7';
import { createOpenAI } from 'ai7-openai';
import type { Play } from '../recorder/play.js';
import { AiSdkApp, MAX_STEPS } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';

type Request = ModelRequest<ModelMessage>;

/** What the SDK is told of telemetry. */
type Telemetry = (
  request: Request,
) => Pick<Parameters<typeof generateText>[0], 'runtimeContext' | 'telemetry'>;

function settings(play: Play, request: Request, telemetry: Telemetry) {
  const { previousResponseId, schema } = request;
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
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
    ...telemetry(request),
  };
}

/** An app over AI SDK 7 and Responses. */
export function aiV7App(play: Play, telemetry: Telemetry): AiSdkApp<ModelMessage> {
  return new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      const { response, responseMessages, text } = await generateText(
        settings(play, request, telemetry),
      );
      return { messages: responseMessages, text, responseId: response.id };
    },
    stream: (request, abortSignal) => {
      const result = streamText({ ...settings(play, request, telemetry), abortSignal });
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
}
