import type { App, Producer } from './producer.js';

const agent = (tracer: string): App => ({
  python: 'langchain_agent.py',
  environment: 'langchain',
  args: [tracer],
});

const PACKAGES = 'langchain 1.4.7, langchain-openai 1.7.3, langgraph 1.2.22';

/** LangChain's agents on LangGraph, checkpointed by thread, under the tracers of its callbacks. */
export const PYTHON_LANGCHAIN: readonly Producer[] = [
  {
    name: 'py-langchain-openinference',
    about: `${PACKAGES}, openinference-instrumentation-langchain 0.1.80`,
    app: agent('openinference'),
    traits: { reasoning: true, wholeStreams: true },
    skips: {},
  },
  {
    name: 'py-langchain-traceloop',
    about: `${PACKAGES}, opentelemetry-instrumentation-langchain 0.62.4`,
    app: agent('traceloop'),
    traits: { reasoning: true, wholeStreams: true },
    skips: {},
  },
  {
    name: 'py-langchain-langsmith',
    about: `${PACKAGES}, langsmith 0.15.0`,
    app: agent('langsmith'),
    traits: { reasoning: true, wholeStreams: true },
    skips: {},
  },
  {
    name: 'py-langchain-langfuse',
    about: `${PACKAGES}, langfuse 5.0.4`,
    app: agent('langfuse'),
    traits: { reasoning: true, wholeStreams: true },
    skips: {},
  },
];
