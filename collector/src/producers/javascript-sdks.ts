import type { Message } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const app = (sdk: string, tracer: string): App => ({
  javascript: 'main.ts',
  package: 'sdks',
  args: [sdk, tracer],
});

const skips = { 'response-chain': 'the API has no response chain' } as const;

const UNREAD =
  'the instrumentation reads the stream up, so that the app itself gets no answer to keep';

/** Gemini takes objects as results, so the app puts its text into one. */
const asResult = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'tool_call_response' ? { ...part, response: { result: part.response } } : part,
  ),
});

/** Model providers' JavaScript SDKs under the tracers that patch them. */
export const JAVASCRIPT_SDKS: readonly Producer[] = [
  {
    name: 'anthropic-colloquy',
    about: '@anthropic-ai/sdk 1.12.0, @colloquy/instrumentation-anthropic 0.1.0',
    app: app('anthropic', 'colloquy'),
    traits: { resultsTogether: true, reasoning: true },
    skips,
  },
  {
    name: 'google-genai-colloquy',
    about: '@google/genai 1.50.1, @colloquy/instrumentation-google-genai 0.1.0',
    app: app('genai', 'colloquy'),
    // The API gives calls no ids, and counts thoughts apart, which the conventions do not.
    traits: {
      resultsTogether: true,
      reasoning: true,
      noCallIds: 'named',
      usage: 'with-thoughts',
      adapt: asResult,
    },
    skips,
  },
  {
    name: 'js-anthropic-openinference',
    about: '@anthropic-ai/sdk 1.12.0, @arizeai/openinference-instrumentation-anthropic 0.2.8',
    app: app('anthropic', 'openinference'),
    traits: { resultsTogether: true, reasoning: true, wholeStreams: true },
    skips,
  },
  {
    name: 'js-anthropic-traceloop',
    about: '@anthropic-ai/sdk 0.137.0, @traceloop/instrumentation-anthropic 0.27.0',
    app: app('anthropic-0', 'traceloop'),
    traits: { resultsTogether: true, reasoning: true },
    skips,
  },
  {
    name: 'js-bedrock-converse-openinference',
    about:
      '@aws-sdk/client-bedrock-runtime 3.1164.0, @arizeai/openinference-instrumentation-bedrock 0.5.1',
    app: app('converse', 'openinference'),
    traits: { resultsTogether: true, reasoning: true, wholeStreams: true },
    skips,
  },
  {
    name: 'js-bedrock-invoke-openinference',
    about:
      '@aws-sdk/client-bedrock-runtime 3.1164.0, @arizeai/openinference-instrumentation-bedrock 0.5.1',
    app: app('invoke', 'openinference'),
    traits: { resultsTogether: true, reasoning: true, wholeStreams: true },
    skips,
  },
  {
    name: 'js-bedrock-invoke-traceloop',
    about: '@aws-sdk/client-bedrock-runtime 3.1164.0, @traceloop/instrumentation-bedrock 0.27.0',
    app: app('invoke', 'traceloop'),
    traits: { resultsTogether: true, reasoning: true },
    skips: { ...skips, travel: UNREAD, 'stream-tools': UNREAD, 'abandoned-stream': UNREAD },
  },
  {
    name: 'js-genai-traceloop',
    about: '@google/genai 1.50.1, @traceloop/instrumentation-google-generativeai 0.27.0',
    app: app('genai', 'traceloop'),
    traits: { resultsTogether: true, reasoning: true, noCallIds: true, adapt: asResult },
    skips,
  },
];
