import type { ObservationKind } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { plainOrJson } from '../content-rules.js';
import { numberInside } from '../field-readers.js';
import { readHaystackRepr } from '../messages/haystack-repr.js';
import { readMessages } from '../messages/message.js';

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

/** What a component is given: JSON, or Python's `repr` where tools or callbacks are among it. */
const given = (key: string): ContentRule => ({
  source: 'value',
  key,
  read: (subject) => {
    const value = subject.attributes.get(key);
    const told = typeof value === 'string' ? readHaystackRepr(value) : undefined;
    return told === undefined
      ? plainOrJson(key, 'input').read(subject)
      : readMessages(told, 'user');
  },
});

const OUTPUTS = ['haystack.agent.step.llm.output', 'haystack.component.output'] as const;
const counted = (name: string) =>
  OUTPUTS.map((key) => numberInside(key, `replies.0.meta.usage.${name}`));

/**
 * Haystack's own tracing: one span for each component of a pipeline and, since 3.0, for each step
 * of an agent, with input and output where content tracing is on.
 * @see https://docs.haystack.deepset.ai/docs/tracing
 */
export const haystack: Dialect = {
  name: 'haystack',
  marks: ['haystack.'],
  scopes: [/^haystack$/],
  kinds: [{ key: 'haystack.component.type', kinds: components }],
  names: [
    [/^haystack\.(?:async_)?pipeline\.run$/, 'chain'],
    [/^haystack\.agent\.run$/, 'agent'],
    [/^haystack\.agent\.step$/, 'chain'],
    [/^haystack\.agent\.step\.llm$/, 'llm'],
    [/^haystack\.agent\.step\.tool$/, 'tool'],
  ],
  fields: {
    toolName: ['haystack.tool.name'],
    inputTokens: counted('prompt_tokens'),
    outputTokens: counted('completion_tokens'),
  },
  input: [
    given('haystack.agent.step.llm.input'),
    plainOrJson('haystack.agent.step.tool.input', 'input'),
    given('haystack.component.input'),
    plainOrJson('haystack.agent.input', 'input'),
  ],
  output: [
    plainOrJson('haystack.agent.step.llm.output', 'output'),
    plainOrJson('haystack.agent.step.tool.output', 'output'),
    plainOrJson('haystack.component.output', 'output'),
    plainOrJson('haystack.agent.output', 'output'),
  ],
};
