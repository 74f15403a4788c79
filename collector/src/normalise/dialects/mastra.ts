import type { Message, Part } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { attribute, plainOrJson } from '../content-rules.js';
import { secondsUntil } from '../field-readers.js';
import { isObject, parsed } from '../messages/json.js';
import { readMessages } from '../messages/message.js';
import { asJson } from '../read-value.js';

/** Results of tools are JSON text inside the JSON of the messages, plain words in quotes of their own. */
const decoded = (part: Part): Part =>
  part.type === 'tool_call_response'
    ? { ...part, response: parsed(part['response'] ?? null) }
    : part;

const inputMessages: ContentRule = {
  source: 'messages',
  read: (subject) =>
    attribute('messages', 'gen_ai.input.messages', 'input')
      .read(subject)
      ?.map(({ parts, ...message }) => ({ ...message, parts: parts.map(decoded) })),
};

/** An answer as the AI SDK gives it: exporters before 1.0 pass it on, and steps keep it. */
const answer = (source: ContentRule['source'], key: string): ContentRule => ({
  source,
  read: ({ attributes }): readonly Message[] | undefined => {
    const json = asJson(attributes.get(key) ?? null);
    if (!isObject(json) || !Object.hasOwn(json, 'toolCalls')) return undefined;
    const { text = null, reasoningText = null, toolCalls = null } = json;
    return readMessages(
      {
        role: 'assistant',
        content: text,
        reasoning_content: reasoningText,
        tool_calls: Array.isArray(toolCalls)
          ? toolCalls.map((call) =>
              isObject(call) && isObject(call['payload']) ? call['payload'] : call,
            )
          : [],
      },
      'assistant',
    );
  },
});

/**
 * Mastra's own exporter. Current pairs of its packages tell of a model call in `model_inference`
 * and let `model_generation` wrap the loop; older ones have `model_generation` tell it, and name
 * its operation `chat`. What an agent or workflow was given and gave stands beside its type; what a
 * step was given is a digest of it, in which calls and results are but names.
 */
export const mastra: Dialect = {
  name: 'mastra',
  marks: ['mastra.span.type', 'mastra.metadata.', 'mastra.tags'],
  scopes: [/^@mastra\//],
  kinds: [
    { key: 'gen_ai.operation.name', kinds: { model_generation: 'chain' } },
    {
      key: 'mastra.span.type',
      kinds: {
        agent_run: 'agent',
        model_generation: 'llm',
        model_inference: 'llm',
        model_step: 'chain',
        model_chunk: 'other',
        tool_call: 'tool',
        client_tool_call: 'tool',
        mcp_tool_call: 'tool',
        provider_tool_call: 'tool',
        workflow_run: 'chain',
        workflow_step: 'chain',
        rag_embedding: 'embedding',
      },
    },
  ],
  fields: {
    cacheReadInputTokens: ['gen_ai.usage.cached_input_tokens'],
    timeToFirstChunk: [secondsUntil('mastra.completion_start_time')],
  },
  input: [
    inputMessages,
    plainOrJson('mastra.agent_run.input', 'input'),
    plainOrJson('mastra.model_generation.input', 'input'),
  ],
  output: [
    answer('request', 'gen_ai.completion'),
    answer('messages', 'mastra.model_step.output'),
    plainOrJson('mastra.model_step.output', 'output'),
    plainOrJson('mastra.agent_run.output', 'output'),
    plainOrJson('mastra.model_generation.output', 'output'),
  ],
};
