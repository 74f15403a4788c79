import type { Message } from '@colloquy/schema';
import type { Producer } from './producer.js';

const chat = { 'response-chain': 'Chat Completions has no response chain' } as const;

/** Its plugin drops words beside tool calls: nobody is shown them, and the next request lacks them. */
const callsAlone = (message: Message): Message =>
  message.role === 'assistant' && message.parts.some(({ type }) => type === 'tool_call')
    ? { ...message, parts: message.parts.filter(({ type }) => type === 'tool_call') }
    : message;

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
    traits: { toolResult: 'object', resultsTogether: true, adapt: callsAlone },
    skips: {
      ...chat,
      'hand-off': 'instructions stand as they are until all tools have been called',
      'no-capture': 'it has no switch for content',
    },
    misses: { cut: 'usage stands in the JSON of the answer, behind where it was cut' },
  },
];
