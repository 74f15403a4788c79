import type { Message } from '@colloquy/schema';
import { withUploads } from './langfuse-uploads.js';
import type { App, Producer } from './producer.js';

const STANDING = 'instructions stand as they are until all tools have been called';

const chat = { 'response-chain': 'Chat Completions has no response chain' } as const;

/** Its serialiser writes words that are the JSON of an object without blanks. */
const compact = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'text' && /^\{".*\}$/.test(part.content)
      ? { ...part, content: JSON.stringify(JSON.parse(part.content)) }
      : part,
  ),
});

const LANGCHAIN = 'langchain 1.5.14, @langchain/openai 1.6.0, @langchain/langgraph 1.7.3';

const langchain = (tracer: string): App => ({
  javascript: 'main.ts',
  package: 'langchain',
  args: [tracer],
});

/** JavaScript frameworks that run the tools themselves. */
export const JAVASCRIPT_FRAMEWORKS: readonly Producer[] = [
  {
    name: 'langchain-colloquy',
    about: `${LANGCHAIN}, @colloquy/instrumentation-langchain 0.1.0`,
    app: langchain('colloquy'),
    traits: {},
    skips: chat,
  },
  {
    name: 'js-langchain-openinference',
    about: `${LANGCHAIN}, @arizeai/openinference-instrumentation-langchain 4.1.1`,
    app: langchain('openinference'),
    traits: {},
    skips: chat,
  },
  {
    name: 'js-langchain-langfuse',
    about: `${LANGCHAIN}, @langfuse/langchain 5.11.1, @langfuse/otel 5.11.1`,
    app: langchain('langfuse'),
    traits: { adapt: withUploads },
    skips: chat,
  },
  {
    name: 'js-langchain-traceloop',
    about: `${LANGCHAIN}, @traceloop/node-server-sdk 0.27.0`,
    app: langchain('traceloop'),
    traits: { agentNames: true, wholeStreams: true },
    skips: { ...chat, 'no-capture': 'the switch for content does not reach LangChain' },
  },
  {
    name: 'mastra',
    about:
      '@mastra/core 1.71.0, @mastra/observability 1.17.9, @mastra/otel-exporter 1.4.0, ' +
      '@ai-sdk/openai 4.0.118',
    app: { javascript: 'main.ts', package: 'mastra' },
    traits: { toolResult: 'object', resultsTogether: true, adapt: compact },
    skips: { ...chat, 'hand-off': STANDING },
  },
  {
    name: 'genkit',
    about: 'genkit 1.42.0, @genkit-ai/compat-oai 1.42.0',
    app: { javascript: 'main.ts', package: 'genkit' },
    // Usage stands in the JSON of the answer, behind where it is cut.
    traits: { toolResult: 'object', resultsTogether: true, usage: 'uncut' },
    skips: {
      ...chat,
      'hand-off': STANDING,
      'no-capture': 'it has no switch for content',
    },
  },
];
