import {
  type generateText,
  jsonSchema,
  Output,
  stepCountIs,
  type streamText,
  tool,
  type ModelMessage,
} from 'ai6';
import { createOpenAI } from 'ai6-openai';
import type { Play } from '../recorder/play.js';
import { AiSdkApp, MAX_STEPS, type ownTelemetry, type plainTool } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';

/** How an app has its calls recorded. */
interface Ways {
  readonly telemetry?: typeof ownTelemetry;
  readonly sdk: {
    readonly generateText: typeof generateText;
    readonly streamText: typeof streamText;
  };
  readonly execute: typeof plainTool;
}

function settings(play: Play, request: ModelRequest<ModelMessage>, ways: Ways) {
  const { previousResponseId, schema } = request;
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
  return {
    model: provider('gpt-5-mini'),
    system: request.system,
    messages: [...request.messages],
    tools: Object.fromEntries(
      request.tools.map((played) => {
        const { name, description, parameters } = played;
        const inputSchema = jsonSchema<Record<string, unknown>>({
          ...parameters,
          required: [...parameters.required],
        });
        return [name, tool({ description, inputSchema, execute: ways.execute(played) })];
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
    ...ways.telemetry?.(play, request),
  };
}

/** An app over AI SDK 6 and Responses. */
export function aiV6App(play: Play, ways: Ways): AiSdkApp<ModelMessage> {
  return new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      const { response, text } = await ways.sdk.generateText(settings(play, request, ways));
      return { messages: response.messages, text, responseId: response.id };
    },
    stream: (request, abortSignal) => {
      const result = ways.sdk.streamText({ ...settings(play, request, ways), abortSignal });
      return {
        textStream: result.textStream,
        answer: async () => {
          const { id, messages } = await result.response;
          return { messages, text: await result.text, responseId: id };
        },
      };
    },
  });
}
