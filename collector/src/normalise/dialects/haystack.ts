import type { ObservationKind } from '@colloquy/schema';
import type { Dialect } from '../dialect.js';
import { plainOrJson } from '../content-rules.js';

/** Providers whose generators come with Haystack or its integrations. */
const PROVIDERS = [
  'openai',
  'openairesponses',
  'azureopenai',
  'azureopenairesponses',
  'huggingfaceapi',
  'huggingfacelocal',
  'anthropic',
  'amazonbedrock',
  'cohere',
  'googlegenai',
  'mistral',
  'ollama',
  'openrouter',
] as const;

const components: Readonly<Record<string, ObservationKind>> = Object.fromEntries([
  ...PROVIDERS.flatMap((provider) => [
    [`${provider}chatgenerator`, 'llm'] as const,
    [`${provider}generator`, 'llm'] as const,
    [`${provider}textembedder`, 'embedding'] as const,
    [`${provider}documentembedder`, 'embedding'] as const,
  ]),
  ['agent', 'agent'],
  ['toolinvoker', 'chain'],
]);

/**
 * Haystack's own tracing: one span for each component of a pipeline, with its input and output as
 * JSON where content tracing is on.
 * @see https://docs.haystack.deepset.ai/docs/tracing
 */
export const haystack: Dialect = {
  name: 'haystack',
  marks: ['haystack.'],
  kinds: [{ key: 'haystack.component.type', kinds: components }],
  names: [
    [/^haystack\.(?:async_)?pipeline\.run$/, 'chain'],
    [/^haystack\.agent\.run$/, 'agent'],
  ],
  input: [
    plainOrJson('haystack.component.input', 'input'),
    plainOrJson('haystack.agent.input', 'input'),
  ],
  output: [
    plainOrJson('haystack.component.output', 'output'),
    plainOrJson('haystack.agent.output', 'output'),
  ],
};
