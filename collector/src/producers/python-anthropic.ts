import { OPEN } from './open.js';
import type { App, Producer } from './producer.js';

const app = (tracer: string): App => ({
  python: 'anthropic_messages.py',
  environment: 'anthropic',
  args: [tracer],
});

const skips = { 'response-chain': 'Messages has no response chain' } as const;

const ANTHROPIC = 'anthropic 2.12.0';

/** Anthropic's Python SDK under the tracers that patch it. */
export const PYTHON_ANTHROPIC: readonly Producer[] = [
  {
    name: 'py-anthropic-openinference',
    about: `${ANTHROPIC}, openinference-instrumentation-anthropic 3.1.0`,
    app: app('openinference'),
    traits: { reasoning: true },
    skips,
    misses: OPEN,
  },
  {
    name: 'py-anthropic-traceloop',
    about: `${ANTHROPIC}, opentelemetry-instrumentation-anthropic 0.62.4`,
    app: app('traceloop'),
    // A stream's first count of output tokens is added to its last, which includes it.
    traits: { reasoning: true, resultsTogether: true, usage: 'no-streams' },
    skips,
    misses: OPEN,
  },
];
