import type { Json, JsonObject, Message } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { unflatten } from '../unflatten.js';
import { isArray, isObject } from '../messages/json.js';
import { readMessages } from '../messages/message.js';

/**
 * Earlier versions number answers and tool calls by the same keys: the first call stands beside
 * the text of the first answer, the second is the only thing under its number. All are one answer.
 */
function joinCalls(list: readonly Json[]): readonly JsonObject[] {
  const items = list.filter((item) => isObject(item));
  const calls = items.flatMap(({ function_call: call }) => (isObject(call ?? null) ? [call] : []));
  const { function_call: _, ...answer } = items[0] ?? {};
  return [{ role: 'assistant', ...answer, tool_calls: calls as readonly Json[] }];
}

const completion: ContentRule = {
  source: 'indexed',
  key: 'gen_ai.completion.*',
  read: ({ attributes }): readonly Message[] | undefined => {
    const list = unflatten(attributes, 'gen_ai.completion');
    if (!isArray(list)) return undefined;
    const hasCalls = list.some((item) => isObject(item) && Object.hasOwn(item, 'function_call'));
    return hasCalls
      ? joinCalls(list).flatMap((item) => readMessages(item, 'assistant'))
      : undefined;
  },
};

/**
 * LiteLLM's own spans. Messages stand in OTel's attributes, before late 2025 in OpenLLMetry's
 * numbered ones. `raw_gen_ai_request` tells of the same call again, in the provider's words.
 */
export const liteLlm: Dialect = {
  name: 'litellm',
  marks: ['litellm.', 'hidden_params'],
  scopes: [/^litellm$/],
  names: [[/^raw_gen_ai_request$/, 'other']],
  fields: { reportedCostUsd: ['litellm.cost.total', 'gen_ai.cost.total_cost'] },
  output: [completion],
};
