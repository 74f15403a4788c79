import { OPEN } from './open.js';
import type { App, Producer } from './producer.js';

const chat = (tracer: string, environment = 'openai'): App => ({
  python: 'openai_chat.py',
  environment,
  args: [tracer],
});

const skips = {
  'response-chain': 'Chat Completions has no response chain',
} as const;

/** OpenAI's Python SDK under the tracers that patch it. */
export const PYTHON_OPENAI: readonly Producer[] = [
  {
    name: 'py-openai-openinference',
    about: 'openai 1.109.1, openinference-instrumentation-openai 0.1.66',
    app: chat('openinference'),
    traits: {},
    skips,
    misses: { ...OPEN, media: 'documents are not read' },
  },
  {
    name: 'py-openai-traceloop',
    about: 'openai 1.109.1, opentelemetry-instrumentation-openai 0.62.4',
    app: chat('traceloop'),
    traits: {},
    skips,
    misses: {
      ...OPEN,
      media: 'not looked into yet',
      'no-capture': 'usage without content is not counted',
    },
  },
  {
    name: 'py-openai-otel-events',
    about: 'openai 1.109.1, opentelemetry-instrumentation-openai-v2 2.4b0',
    app: chat('otel-events', 'openai-1'),
    traits: {},
    skips,
    misses: { ...OPEN },
  },
];
