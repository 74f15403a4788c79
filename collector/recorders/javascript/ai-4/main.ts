/* Plays AI SDK 4 over Chat Completions, thread and user as telemetry metadata: `main.ts <play.json>`. */
import { createOpenAI } from '@ai-sdk/openai';
import {
  generateObject,
  generateText,
  jsonSchema,
  streamText,
  tool,
  type CoreMessage,
  type FilePart,
  type ImagePart,
  type TextPart,
} from 'ai';
import {
  AiSdkApp,
  AiSdkTracer,
  MAX_STEPS,
  toldIds,
  type AiSdk,
} from '../../../dist/emitters/ai-sdk-app.js';
import type { ModelRequest } from '../../../dist/emitters/app.js';
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { startTracing } from '../../../dist/emitters/telemetry.js';

type Request = ModelRequest<CoreMessage>;
type UserContent = Parameters<AiSdk<CoreMessage>['user']>[0];
type UserPart = Exclude<UserContent, string>[number];

const play = readPlay();

/** What every function of the SDK takes. */
function settings(request: Request) {
  const provider = createOpenAI({
    baseURL: `${play.providerUrl}/v1`,
    apiKey: request.thread.key,
    compatibility: 'strict',
  });
  const tells = play.scenario.capture ?? true;
  return {
    model: provider.chat('gpt-4o-mini', { structuredOutputs: true }),
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
const loop = (request: Request) => ({
  tools: Object.fromEntries(
    request.tools.map(({ name, description, parameters, run }) => {
      const schema = jsonSchema<Record<string, unknown>>({
        ...parameters,
        required: [...parameters.required],
      });
      // An error ends the whole answer, so that a tool tells the model of its failure itself.
      const execute = (input: Record<string, unknown>) =>
        run(input).catch((error: unknown) => (error as Error).message);
      return [name, tool({ description, parameters: schema, execute })];
    }),
  ),
  maxSteps: MAX_STEPS,
});

function userPart(part: UserPart): TextPart | ImagePart | FilePart {
  if (part.type === 'text') return part;
  const { mediaType: mimeType, ...rest } = part;
  return { ...rest, mimeType };
}

async function generate(request: Request) {
  if (request.schema !== undefined) {
    const schema = jsonSchema(request.schema as object);
    const { object } = await generateObject({ ...settings(request), schema });
    const content = JSON.stringify(object);
    return { messages: [{ role: 'assistant' as const, content }], text: content };
  }
  const { response, text } = await generateText({ ...settings(request), ...loop(request) });
  return { messages: response.messages, text };
}

function stream(request: Request, abortSignal: AbortSignal) {
  const result = streamText({ ...settings(request), ...loop(request), abortSignal });
  return {
    textStream: result.textStream,
    answer: async () => ({
      messages: (await result.response).messages,
      text: await result.text,
    }),
  };
}

const app = new AiSdkApp<CoreMessage>({
  user: (content) => ({
    role: 'user',
    content: typeof content === 'string' ? content : content.map(userPart),
  }),
  assistant: (content) => ({ role: 'assistant', content }),
  generate,
  stream,
});
await playScenario(play, app, new AiSdkTracer(play, startTracing('ai-v4', play.otlpUrl)));
