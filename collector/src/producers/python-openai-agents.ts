import { ownTransfer } from './own-transfer.js';
import type { App, Producer } from './producer.js';

const agents = (tracer: string, api = 'responses'): App => ({
  python: 'openai_agents_app.py',
  environment: 'openai-agents',
  args: [tracer, api],
});

const adapt = ownTransfer('{"assistant": "booking"}');

const PACKAGES = 'openai-agents 0.24.0, openai 3.54.0';

/** OpenAI's Agents SDK over Responses and Chat Completions, under the tracers that read its own traces. */
export const PYTHON_OPENAI_AGENTS: readonly Producer[] = [
  {
    name: 'py-openai-agents-openinference',
    about: `${PACKAGES}, openinference-instrumentation-openai-agents 2.6.0`,
    app: agents('openinference'),
    traits: { reasoning: true, wholeStreams: true, usage: 'with-content', adapt },
    skips: {},
  },
  {
    name: 'py-openai-agents-traceloop',
    about: `${PACKAGES}, opentelemetry-instrumentation-openai-agents 0.62.4`,
    app: agents('traceloop'),
    traits: { wholeStreams: true, usage: 'with-content', adapt },
    skips: {},
  },
  {
    name: 'py-openai-agents-logfire',
    about: `${PACKAGES}, logfire 5.2.0`,
    app: agents('logfire'),
    traits: { wholeStreams: true, adapt },
    skips: {},
  },
];
