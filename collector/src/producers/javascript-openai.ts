import type { Message } from '@colloquy/schema';
import type { Producer } from './producer.js';

/** Of a question's parts, the text alone is told. */
const textOnly = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ type }) => type !== 'blob'),
});

const chat = { 'response-chain': 'Chat Completions has no response chain' } as const;

/** OpenAI's JavaScript SDK under the tracers that patch it. */
export const JAVASCRIPT_OPENAI: readonly Producer[] = [
  {
    name: 'openai-colloquy-chat',
    about: 'openai 6.30.1, @colloquy/instrumentation-openai 0.1.0, Chat Completions',
    app: { emitter: 'openai-colloquy-chat' },
    traits: {},
    skips: chat,
  },
  {
    name: 'openai-colloquy-responses',
    about: 'openai 6.30.1, @colloquy/instrumentation-openai 0.1.0, Responses',
    app: { emitter: 'openai-colloquy-responses' },
    traits: { reasoning: true },
    skips: {},
  },
  {
    name: 'openai-otel-chat',
    about: 'openai 6.30.1, @opentelemetry/instrumentation-openai 0.21.0, Chat Completions',
    app: { emitter: 'openai-otel-chat' },
    traits: { adapt: textOnly },
    skips: chat,
  },
  {
    name: 'openai-otel-responses',
    about: 'openai 6.30.1, @opentelemetry/instrumentation-openai 0.21.0, Responses',
    app: { emitter: 'openai-otel-responses' },
    traits: { reasoning: true },
    skips: {},
  },
  {
    name: 'openai-openinference',
    about:
      'openai 6.30.1, @arizeai/openinference-instrumentation-openai 4.2.7, openinference-core 2.7.1',
    app: { emitter: 'openai-openinference' },
    traits: { usage: 'no-streams', wholeStreams: true },
    skips: chat,
  },
  {
    name: 'openai-traceloop',
    about: 'openai 6.30.1, @traceloop/node-server-sdk 0.27.0',
    app: { emitter: 'openai-traceloop' },
    // Of streams it counts tokens itself, by a tokenizer.
    traits: { usage: 'no-streams' },
    skips: chat,
  },
  {
    name: 'openai-traceloop-legacy',
    about: 'openai 6.30.1, @traceloop/node-server-sdk 0.22.8',
    app: { emitter: 'openai-traceloop-legacy' },
    traits: { noCallIds: true, usage: 'no-streams' },
    skips: chat,
  },
];
