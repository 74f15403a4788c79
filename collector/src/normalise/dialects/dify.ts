import type { Dialect, FieldKey, Subject } from '../dialect.js';
import { isObject } from '../messages/json.js';
import { asCount, asJson, asString } from '../read-value.js';

const isDify = ({ attributes }: Subject): boolean =>
  [...attributes.keys()].some((key) => key.startsWith('dify.'));

/** Model and tokens stand in the JSON of `metadata` and nowhere else. */
const inMetadata = (name: string, read: typeof asString | typeof asCount): FieldKey => ({
  key: 'metadata',
  read: (value, subject) => {
    const metadata = isDify(subject) ? asJson(value) : null;
    const found = isObject(metadata) ? metadata[name] : undefined;
    return typeof found === 'string' || typeof found === 'number' ? read(found) : undefined;
  },
});

/**
 * Dify: OpenInference with habits of its own when it exports to a tracing provider; its own tracing
 * states kinds in `gen_ai.span.kind`, as other tools from the same places do.
 * @see https://docs.dify.ai/en/guides/monitoring/integrate-external-ops-tools
 */
export const dify: Dialect = {
  name: 'dify',
  marks: ['dify.'],
  scopes: [/^unified_/],
  kinds: [
    {
      key: 'gen_ai.span.kind',
      kinds: {
        llm: 'llm',
        agent: 'agent',
        tool: 'tool',
        chain: 'chain',
        task: 'chain',
        retriever: 'retriever',
        reranker: 'reranker',
        embedding: 'embedding',
      },
    },
  ],
  fields: {
    requestModel: [inMetadata('model_name', asString)],
    providerName: [inMetadata('model_provider', asString)],
    inputTokens: [inMetadata('prompt_tokens', asCount)],
    outputTokens: [inMetadata('completion_tokens', asCount)],
  },
};
