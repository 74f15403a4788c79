import type { Dialect } from '../dialect.js';

/**
 * AG2 1.0 and later: GenAI's attributes, and beside each model call a span `record_usage` with the
 * same counts, which is no call.
 */
export const ag2: Dialect = {
  name: 'ag2',
  marks: ['ag2.'],
  scopes: [/^opentelemetry\.instrumentation\.ag2$/],
  kinds: [
    { key: 'ag2.usage.kind', kinds: { model_call: 'other', subtask: 'other' } },
    {
      key: 'ag2.span.type',
      kinds: { agent: 'agent', llm: 'llm', tool: 'tool', human_input: 'other' },
    },
  ],
};
