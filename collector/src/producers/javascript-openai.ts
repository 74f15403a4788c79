import type { Message, Part } from '@colloquy/schema';
import { promptOf } from '../scenarios/retrieval.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Producer } from './producer.js';

/** Of a question's parts, the text alone is told. */
const textOnly = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ type }) => type !== 'blob'),
});

/** Questions were asked with what was retrieved; a summary goes as it is. */
const withContext = (message: Message, { steps }: Scenario): Message => ({
  ...message,
  parts: message.parts.map((part): Part => {
    const isAsked = part.type === 'text' && steps.every(({ compact }) => compact !== part.content);
    return message.role === 'user' && isAsked ? { ...part, content: promptOf(part.content) } : part;
  }),
});

/** A stream that is left is not told: its question is known by later histories alone, which have it bare. */
const withKnownContext = (message: Message, scenario: Scenario): Message => {
  const left = scenario.steps.find(({ abandonAfter }) => abandonAfter !== undefined)?.user;
  const isLeft = message.parts.some((part) => part.type === 'text' && part.content === left);
  return isLeft ? message : withContext(message, scenario);
};

const chat = { 'response-chain': 'Chat Completions has no response chain' } as const;

const retrieval = {
  ...chat,
  unnamed:
    'not joined: without a thread id, traces have to repeat the exact words of another, and the question comes back bare',
} as const;

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
    name: 'openai-openinference-retrieval',
    about:
      'openai 6.30.1, @arizeai/openinference-instrumentation-openai 4.2.7, openinference-core 2.7.1, an app that retrieves',
    app: { emitter: 'openai-openinference-retrieval' },
    traits: { usage: 'no-streams', wholeStreams: true, adapt: withContext },
    skips: retrieval,
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
    name: 'openai-traceloop-retrieval',
    about: 'openai 6.30.1, @traceloop/node-server-sdk 0.27.0, an app that retrieves',
    app: { emitter: 'openai-traceloop-retrieval' },
    traits: { usage: 'no-streams', adapt: withKnownContext },
    skips: retrieval,
  },
  {
    name: 'openai-traceloop-legacy',
    about: 'openai 6.30.1, @traceloop/node-server-sdk 0.22.8',
    app: { emitter: 'openai-traceloop-legacy' },
    traits: { noCallIds: true, usage: 'no-streams' },
    skips: chat,
  },
];
