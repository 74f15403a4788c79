import { OPEN } from './open.js';
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

/** OpenAI's Python SDK over Chat Completions under the tracers that patch it. */
export const PYTHON_OPENAI: readonly Producer[] = [
  {
    name: 'py-openai-openinference',
    about: `${OPENAI_3}, openinference-instrumentation-openai 0.1.66`,
    app: chat('openai', 'openinference'),
    traits: {},
    skips,
    misses: OPEN,
  },
  {
    name: 'py-openai-traceloop',
    about: `${OPENAI_3}, opentelemetry-instrumentation-openai 0.62.4`,
    app: chat('openai', 'traceloop'),
    traits: {},
    skips,
    misses: OPEN,
  },
  {
    name: 'py-openai-otel-events',
    about: `${OPENAI_1}, opentelemetry-instrumentation-openai-v2 2.4b0`,
    app: chat('openai-1', 'otel-events'),
    traits: {},
    skips,
    misses: OPEN,
  },
];
