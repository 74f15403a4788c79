import type { Dialect } from '../dialect.js';
import { eventText } from '../content-rules.js';
import { ownField } from '../own-field.js';
import { asCount, asString } from '../read-value.js';

const SCOPE = /^codex/;

const own = ownField(SCOPE);

/**
 * Codex CLI: log records alone. Questions are told when `log_user_prompt` is on; answers never are.
 * @see https://developers.openai.com/codex/config-advanced
 */
export const codex: Dialect = {
  name: 'codex',
  marks: [],
  scopes: [SCOPE],
  names: [
    [/^codex\.sse_event$/, 'llm'],
    [/^codex\.tool_result$/, 'tool'],
    [/./, 'other'],
  ],
  fields: {
    requestModel: [own('model', asString)],
    toolName: [own('tool_name', asString)],
    toolCallId: [own('call_id', asString)],
    inputTokens: [own('input_token_count', asCount)],
    outputTokens: [own('output_token_count', asCount)],
    cacheReadInputTokens: [own('cached_token_count', asCount)],
    cacheWriteInputTokens: [own('cache_write_token_count', asCount)],
    reasoningOutputTokens: [own('reasoning_token_count', asCount)],
  },
  input: [eventText(/^codex\.user_prompt$/, 'prompt', 'input')],
};
