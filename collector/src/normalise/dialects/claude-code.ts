import type { ContentRule, Dialect } from '../dialect.js';
import { eventText } from '../content-rules.js';
import { parsed } from '../messages/json.js';
import { ownField } from '../own-field.js';
import { asCount, asSecondsOfMillis, asString } from '../read-value.js';

const SCOPE = /^com\.anthropic\.claude_code/;

const own = ownField(SCOPE);

/** A tool's call and its result, told in one record once it has run. */
const toolResult: ContentRule = {
  source: 'events',
  key: 'tool_input',
  read: ({ events, attributes }) => {
    if (!events.some(({ name }) => /^(?:claude_code\.)?tool_result$/.test(name))) return undefined;
    const [id, name, input] = ['tool_use_id', 'tool_name', 'tool_input'].map((key) =>
      asString(attributes.get(key) ?? null),
    );
    if (name === undefined || input === undefined) return undefined;
    const call = { type: 'tool_call', ...(id !== undefined && { id }), name } as const;
    return [{ role: 'assistant', parts: [{ ...call, arguments: parsed(input) }] }];
  },
};

/**
 * Claude Code: log records, with or without the name's prefix, and spans where tracing (beta) is on.
 * Every record tells of what is new; the history is never sent.
 * @see https://docs.claude.com/en/docs/claude-code/monitoring-usage
 */
export const claudeCode: Dialect = {
  name: 'claude-code',
  marks: [],
  scopes: [SCOPE],
  countsCacheApart: true,
  names: [
    [/^(?:claude_code\.)?api_request$/, 'llm'],
    [/^claude_code\.llm_request$/, 'llm'],
    [/^claude_code\.interaction$/, 'turn'],
    [/^claude_code\.tool$/, 'tool'],
    [/./, 'other'],
  ],
  fields: {
    requestModel: [own('model', asString)],
    toolName: [own('tool_name', asString)],
    toolCallId: [own('tool_use_id', asString)],
    inputTokens: [own('input_tokens', asCount)],
    outputTokens: [own('output_tokens', asCount)],
    cacheReadInputTokens: [own('cache_read_tokens', asCount)],
    cacheWriteInputTokens: [own('cache_creation_tokens', asCount)],
    timeToFirstChunk: [own('ttft_ms', asSecondsOfMillis)],
  },
  input: [eventText(/^(?:claude_code\.)?user_prompt$/, 'prompt', 'input')],
  output: [eventText(/^(?:claude_code\.)?assistant_response$/, 'response', 'output'), toolResult],
};
