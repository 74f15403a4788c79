import type { Dialect } from '../dialect.js';
import { numberInside } from '../field-readers.js';

const USAGES = ['langsmith.metadata.usage_metadata', 'langsmith.usage_metadata'] as const;
const counted = (...paths: readonly string[]) => USAGES.map((key) => numberInside(key, ...paths));

/**
 * LangSmith's export of its runs as spans. Inputs and outputs stand in `gen_ai.prompt` and
 * `gen_ai.completion`, which `otel-genai` reads; `gen_ai.operation.name` is not to be trusted (a
 * retriever becomes `embeddings`, a prompt template `chat`), the run type is.
 */
export const langSmith: Dialect = {
  name: 'langsmith',
  marks: ['langsmith.'],
  scopes: [/^langsmith$/],
  kinds: [
    {
      key: 'langsmith.span.kind',
      kinds: {
        llm: 'llm',
        chain: 'chain',
        tool: 'tool',
        retriever: 'retriever',
        embedding: 'embedding',
        prompt: 'chain',
        parser: 'chain',
      },
    },
  ],
  fields: {
    requestModel: ['langsmith.metadata.ls_model_name'],
    providerName: ['langsmith.metadata.ls_provider'],
    inputTokens: counted('input_tokens'),
    outputTokens: counted('output_tokens'),
    cacheReadInputTokens: counted('input_token_details.cache_read'),
    cacheWriteInputTokens: counted('input_token_details.cache_creation'),
    reasoningOutputTokens: counted('output_token_details.reasoning'),
  },
};
