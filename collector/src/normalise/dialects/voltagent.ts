import type { Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';

/**
 * VoltAgent: messages as JSON on agent and model spans.
 * @see https://voltagent.dev/docs/observability/overview/
 */
export const voltAgent: Dialect = {
  name: 'voltagent',
  marks: ['voltagent.', 'agent.messages', 'llm.messages'],
  kinds: [
    {
      key: 'span.type',
      kinds: {
        agent: 'agent',
        llm: 'llm',
        tool: 'tool',
        retriever: 'retriever',
        workflow: 'chain',
      },
    },
  ],
  fields: {
    requestModel: ['llm.model', 'ai.model.name'],
    inputTokens: ['usage.prompt_tokens'],
    outputTokens: ['usage.completion_tokens'],
  },
  input: [
    attribute('request', 'llm.messages', 'input'),
    attribute('request', 'agent.messages', 'input'),
  ],
  output: [attribute('value', 'output', 'output')],
};
