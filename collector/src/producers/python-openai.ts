import type { Message, Part } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const app = (script: string, environment: string, ...args: readonly string[]): App => ({
  python: script,
  environment,
  args,
});

const chat = (environment: string, ...args: readonly string[]): App =>
  app('openai_chat.py', environment, ...args);

const skips = {
  'response-chain': 'Chat Completions has no response chain',
} as const;

const OPENAI_3 = 'openai 3.54.0';
const OPENAI_1 = 'openai 1.109.1';

/** OpenLLMetry's events of tool results do not name the call. */
const withoutResultIds = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part =>
    part.type === 'tool_call_response'
      ? { type: 'tool_call_response', response: part.response }
      : part,
  ),
});

/** In the latest conventions, openai-v2 tells nothing of a message that is a list of parts. */
const withoutLists = (message: Message): Message =>
  message.parts.some(({ type }) => type === 'blob') ? { ...message, parts: [] } : message;

/** OpenAI's Python SDK over Chat Completions under the tracers that patch it. */
export const PYTHON_OPENAI: readonly Producer[] = [
  {
    name: 'py-openai-openinference',
    about: `${OPENAI_3}, openinference-instrumentation-openai 0.1.66`,
    app: chat('openai', 'openinference'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-traceloop',
    about: `${OPENAI_3}, opentelemetry-instrumentation-openai 0.62.4`,
    app: chat('openai', 'traceloop'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-otel-events',
    about: `${OPENAI_1}, opentelemetry-instrumentation-openai-v2 2.4b0`,
    app: chat('openai-1', 'otel-events'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-traceloop-events',
    about: `${OPENAI_3}, opentelemetry-instrumentation-openai 0.62.4 with use_attributes=False`,
    app: chat('openai', 'traceloop-events'),
    traits: { adapt: withoutResultIds },
    skips,
  },
  {
    name: 'py-openai-otel-v2',
    about: `${OPENAI_1}, opentelemetry-instrumentation-openai-v2 2.4b0, latest conventions, SPAN_ONLY`,
    app: chat('openai-1', 'otel', 'openai-v2'),
    traits: { adapt: withoutLists },
    skips,
  },
  {
    name: 'py-openai-otel-v2-details',
    about: `${OPENAI_1}, opentelemetry-instrumentation-openai-v2 2.4b0, latest conventions, EVENT_ONLY`,
    app: chat('openai-1', 'otel-details', 'openai-v2'),
    traits: { adapt: withoutLists },
    skips,
  },
  {
    name: 'py-openai-otel',
    about: `${OPENAI_3}, opentelemetry-instrumentation-genai-openai 1.3b0, SPAN_ONLY`,
    app: chat('openai', 'otel'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-otel-details',
    about: `${OPENAI_3}, opentelemetry-instrumentation-genai-openai 1.3b0, EVENT_ONLY`,
    app: chat('openai', 'otel-details'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-otel-twice',
    about: `${OPENAI_3}, opentelemetry-instrumentation-genai-openai 1.3b0, SPAN_AND_EVENT`,
    app: chat('openai', 'otel-twice'),
    traits: {},
    skips,
  },
  {
    name: 'py-openai-traceloop-legacy',
    about: `${OPENAI_1}, opentelemetry-instrumentation-openai 0.40.14`,
    app: chat('traceloop-legacy', 'traceloop'),
    traits: { usage: 'no-streams' },
    skips,
  },
];
