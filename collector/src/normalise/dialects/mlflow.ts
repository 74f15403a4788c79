import type { Json, Message, Role } from '@colloquy/schema';
import type { ContentRule, Dialect, FieldKey } from '../dialect.js';
import { readWhole } from '../read-whole.js';
import { numberInside } from '../field-readers.js';
import { isObject, stringAt } from '../messages/json.js';
import { readMessages } from '../messages/message.js';
import { joinChunks } from '../messages/stream-chunks.js';
import { asJson } from '../read-value.js';

const textInside = (key: string, name: string): FieldKey => ({
  key,
  read: (value) => {
    const json: Json = asJson(value);
    return isObject(json) ? stringAt(json, name) : undefined;
  },
});

/** What a function was called with or returned. A string was encoded once and is meant to the letter. */
function callValue(key: string, role: Role): ContentRule {
  return {
    source: 'request',
    key,
    read: ({ attributes }): readonly Message[] | undefined => {
      const value = attributes.get(key) ?? null;
      if (typeof value !== 'string' || !value.startsWith('"')) return readWhole(value, role);
      const text = decodeOnce(value);
      return text === '' ? undefined : [{ role, parts: [{ type: 'text', content: text }] }];
    },
  };
}

/** The pieces of a stream stand in events; what MLflow joins of them leaves tool calls out. */
const chunks: ContentRule = {
  source: 'events',
  key: 'mlflow.chunk.item.*',
  read: ({ events }): readonly Message[] | undefined => {
    const message = joinChunks(
      events
        .filter(({ name }) => name.startsWith('mlflow.chunk.item.'))
        .map(({ attributes }) => asJson(attributes.get('mlflow.chunk.value') ?? null)),
    );
    return message && readMessages(message, 'assistant');
  },
};

/** Text whose end was cut off is no JSON; it is kept as it came. */
function decodeOnce(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/**
 * MLflow's export of its own spans. Every attribute is encoded as JSON, so that text comes in
 * quotes. The session of a trace is not exported; `session.id`, if set as an attribute, is.
 */
export const mlflow: Dialect = {
  name: 'mlflow',
  marks: ['mlflow.'],
  scopes: [/^mlflow(?:\.|$)/],
  kinds: [
    {
      key: 'mlflow.spanType',
      kinds: {
        llm: 'llm',
        chat_model: 'llm',
        agent: 'agent',
        tool: 'tool',
        retriever: 'retriever',
        reranker: 'reranker',
        embedding: 'embedding',
        chain: 'chain',
        parser: 'chain',
        workflow: 'chain',
        task: 'chain',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
        unknown: 'chain',
      },
    },
  ],
  fields: {
    providerName: ['mlflow.llm.provider'],
    requestModel: ['mlflow.llm.model', textInside('mlflow.spanInputs', 'model')],
    responseModel: [textInside('mlflow.spanOutputs', 'model')],
    responseId: [textInside('mlflow.spanOutputs', 'id')],
    inputTokens: [numberInside('mlflow.chat.tokenUsage', 'input_tokens')],
    outputTokens: [numberInside('mlflow.chat.tokenUsage', 'output_tokens')],
    cacheReadInputTokens: [numberInside('mlflow.chat.tokenUsage', 'cache_read_input_tokens')],
    cacheWriteInputTokens: [numberInside('mlflow.chat.tokenUsage', 'cache_creation_input_tokens')],
    reportedCostUsd: [numberInside('mlflow.llm.cost', 'total_cost')],
  },
  input: [callValue('mlflow.spanInputs', 'user')],
  output: [chunks, callValue('mlflow.spanOutputs', 'assistant')],
};
