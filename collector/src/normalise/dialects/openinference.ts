import type { AttributeValue } from '@colloquy/schema';
import type { Dialect } from '../dialect.js';
import { withCallIds } from '../call-ids.js';
import { completedBy } from '../completed-by.js';
import { indexed, plainOrJson } from '../content-rules.js';

const RESPONSE_ID = /^\s*\{"id":\s*"((?:resp|chatcmpl|msg)[_-][^"]+)"/;

/** The id stands in the raw response alone, at its start. */
const idOfResponse = (value: AttributeValue): string | undefined =>
  typeof value === 'string' ? RESPONSE_ID.exec(value)?.[1] : undefined;

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
    inputTokens: ['llm.token_count.prompt'],
    outputTokens: ['llm.token_count.completion'],
    cacheReadInputTokens: ['llm.token_count.prompt_details.cache_read'],
    cacheWriteInputTokens: ['llm.token_count.prompt_details.cache_write'],
    reasoningOutputTokens: ['llm.token_count.completion_details.reasoning'],
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
