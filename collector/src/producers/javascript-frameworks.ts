import type { Producer } from './producer.js';

const chat = { 'response-chain': 'Chat Completions has no response chain' } as const;

/** JavaScript frameworks that run the tools themselves. */
export const JAVASCRIPT_FRAMEWORKS: readonly Producer[] = [
  {
    name: 'js-langchain-openinference',
    about:
      'langchain 1.5.14, @langchain/openai 1.6.0, @langchain/langgraph 1.7.3, ' +
      '@arizeai/openinference-instrumentation-langchain 4.1.1',
    app: { javascript: 'main.ts', package: 'langchain' },
    traits: {},
    skips: chat,
  },
  {
    name: 'genkit',
    about: 'genkit 1.42.0, @genkit-ai/compat-oai 1.42.0',
    app: { javascript: 'main.ts', package: 'genkit' },
    // Usage stands in the JSON of the answer, behind where it is cut.
    traits: { toolResult: 'object', resultsTogether: true, usage: 'uncut' },
    skips: {
      ...chat,
      'hand-off': 'instructions stand as they are until all tools have been called',
      'no-capture': 'it has no switch for content',
    },
  },
];
