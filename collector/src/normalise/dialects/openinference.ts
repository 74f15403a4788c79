import type { AttributeValue } from '@colloquy/schema';
import type { Dialect, Subject } from '../dialect.js';
import { withCallIds } from '../call-ids.js';
import { completedBy } from '../completed-by.js';
import { indexed, plainOrJson } from '../content-rules.js';
import { numberInside } from '../field-readers.js';
import { ownField } from '../own-field.js';
import { asCount } from '../read-value.js';

const RESPONSE_ID = /^\s*\{"id":\s*"((?:resp|chatcmpl|msg)[_-][^"]+)"/;

/** The id stands in the raw response alone, at its start. */
const idOfResponse = (value: AttributeValue): string | undefined =>
  typeof value === 'string' ? RESPONSE_ID.exec(value)?.[1] : undefined;

const COUNT = 'llm.token_count';

/** In JavaScript counts are handed on as Amazon gives them: those of a cache stand apart. */
const ofBedrock = ownField(/^@arizeai\/openinference-instrumentation-bedrock$/);

const countOf = ({ attributes }: Subject, name: string): number =>
  asCount(attributes.get(`${COUNT}.${name}`) ?? null) ?? 0;

const bedrockInput = [
  // Streams of Converse tell of a cache by their total alone.
  ofBedrock(`${COUNT}.total`, (total, subject) => {
    const all = asCount(total);
    return all === undefined ? undefined : asCount(all - countOf(subject, 'completion'));
  }),
  ofBedrock(`${COUNT}.prompt`, (prompt, subject) => {
    const uncached = asCount(prompt);
    return uncached === undefined
      ? undefined
      : uncached +
          countOf(subject, 'prompt_details.cache_read') +
          countOf(subject, 'prompt_details.cache_write');
  }),
];

/** Converse's counts of a cache stand in the raw response alone. */
const inConverse = (name: string) => {
  const { key, read } = numberInside('output.value', `usage.${name}`);
  return ofBedrock(key, read);
};

/**
 * OpenInference: numbered message attributes, and the raw request beside them.
 * @see https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */
export const openInference: Dialect = {
  name: 'openinference',
  marks: [
    'openinference.span.kind',
    'llm.input_messages.',
    'llm.output_messages.',
    'llm.model_name',
    'llm.token_count.',
  ],
  scopes: [/^openinference\.instrumentation\./, /^@arizeai\/openinference-/],
  kinds: [
    {
      key: 'openinference.span.kind',
      kinds: {
        llm: 'llm',
        chain: 'chain',
        tool: 'tool',
        retriever: 'retriever',
        reranker: 'reranker',
        embedding: 'embedding',
        agent: 'agent',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
        prompt: 'chain',
      },
    },
  ],
  fields: {
    providerName: ['llm.provider', 'llm.system'],
    requestModel: ['llm.model_name', 'embedding.model_name', 'reranker.model_name'],
    responseId: [{ key: 'output.value', read: idOfResponse }],
    agentName: ['agent.name'],
    toolName: ['tool.name'],
    toolCallId: ['tool.id'],
    inputTokens: [...bedrockInput, `${COUNT}.prompt`],
    outputTokens: [`${COUNT}.completion`],
    cacheReadInputTokens: [
      `${COUNT}.prompt_details.cache_read`,
      inConverse('cacheReadInputTokens'),
    ],
    cacheWriteInputTokens: [
      `${COUNT}.prompt_details.cache_write`,
      inConverse('cacheWriteInputTokens'),
    ],
    reasoningOutputTokens: [`${COUNT}.completion_details.reasoning`],
    reportedCostUsd: ['llm.cost.total'],
  },
  input: [
    completedBy(
      'input.value',
      'input',
      withCallIds('input.value', 'input', indexed('llm.input_messages', 'input')),
    ),
    plainOrJson('input.value', 'input'),
  ],
  output: [
    completedBy(
      'output.value',
      'output',
      withCallIds('output.value', 'output', indexed('llm.output_messages', 'output')),
    ),
    plainOrJson('output.value', 'output'),
  ],
};
