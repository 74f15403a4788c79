import type { App, Producer } from './producer.js';

const agent = (tracer: string): App => ({
  python: 'llamaindex_agent.py',
  environment: 'llamaindex',
  args: [tracer],
});

const packages = 'llama-index-core 0.14.25, llama-index-llms-openai 0.8.3';

const skips = {
  'response-chain': 'the agent re-sends its memory; it names no response',
} as const;

/** LlamaIndex's agents for Python. */
export const PYTHON_LLAMAINDEX: readonly Producer[] = [
  {
    name: 'py-llamaindex-openinference',
    about: `${packages}, openinference-instrumentation-llama-index 4.6.1`,
    app: agent('openinference'),
    traits: { usage: 'no-streams', wholeStreams: true },
    skips,
  },
  {
    name: 'py-llamaindex-traceloop',
    about: `${packages}, opentelemetry-instrumentation-llamaindex 0.62.4, opentelemetry-instrumentation-openai 0.62.4`,
    app: agent('traceloop'),
    traits: { usage: 'no-streams', wholeStreams: true },
    skips,
  },
];
