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
import { AiSdkApp, MAX_STEPS, type ownTelemetry, type plainTool } from './ai-sdk-app.js';
import type { ModelRequest } from './app.js';

type Model = ReturnType<ReturnType<typeof createOpenAI>['chat']>;

/** How an app has its calls recorded. */
interface Ways {
  readonly telemetry?: typeof ownTelemetry;
  readonly model: (model: Model) => Model;
  readonly execute: typeof plainTool;
}

/** What every function of the SDK takes. */
function settings(play: Play, request: ModelRequest<ModelMessage>, ways: Ways) {
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
  });
  return {
    model: ways.model(provider.chat('gpt-4o-mini')),
    system: request.system,
    messages: [...request.messages],
    maxRetries: 0,
    ...ways.telemetry?.(play, request),
  };
}

/** What the functions with a tool loop take besides. */
const loop = (request: ModelRequest<ModelMessage>, { execute }: Ways) => ({
  tools: Object.fromEntries(
    request.tools.map((played) => {
      const { name, description, parameters } = played;
      const inputSchema = jsonSchema<Record<string, unknown>>({
        ...parameters,
        required: [...parameters.required],
      });
      return [name, tool({ description, inputSchema, execute: execute(played) })];
    }),
  ),
  stopWhen: stepCountIs(MAX_STEPS),
  prepareStep: () => ({ system: request.system }),
});

/** An app over AI SDK 5 and Chat Completions. */
export function aiV5App(play: Play, ways: Ways): AiSdkApp<ModelMessage> {
  return new AiSdkApp<ModelMessage>({
    user: (content) => ({ role: 'user', content }),
    assistant: (content) => ({ role: 'assistant', content }),
    generate: async (request) => {
      if (request.schema !== undefined) {
        const schema = jsonSchema(request.schema as object);
        const { object } = await generateObject({ ...settings(play, request, ways), schema });
        const content = JSON.stringify(object);
        return { messages: [{ role: 'assistant', content }], text: content };
      }
      const { response, text } = await generateText({
        ...settings(play, request, ways),
        ...loop(request, ways),
      });
      return { messages: response.messages, text };
    },
    stream: (request, abortSignal) => {
      const result = streamText({
        ...settings(play, request, ways),
        ...loop(request, ways),
        abortSignal,
      });
      return {
        textStream: result.textStream,
        answer: async () => ({
          messages: (await result.response).messages,
          text: await result.text,
        }),
      };
    },
  });
}
