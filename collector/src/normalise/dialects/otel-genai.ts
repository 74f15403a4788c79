import type { ContentRule, Dialect } from '../dialect.js';
import { attribute, eventAttribute, messageEvents } from '../content-rules.js';
import { operationDetails } from '../operation-details.js';
import { withoutInventedIds } from '../invented-ids.js';
import { inSpokenOrder } from '../spoken-order.js';

/** Without what single instrumentations do to messages. */
const asSaid = (rule: ContentRule): ContentRule => withoutInventedIds(inSpokenOrder(rule));

/**
 * The OpenTelemetry GenAI conventions, all generations: messages as attributes (1.37 on), one
 * event per message (1.28 to 1.36), and `gen_ai.prompt` / `gen_ai.completion` (before).
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export const otelGenAi: Dialect = {
  name: 'otel-genai',
  marks: ['gen_ai.'],
  kinds: [
    {
      key: 'gen_ai.operation.name',
      kinds: {
        chat: 'llm',
        generate_content: 'llm',
        text_completion: 'llm',
        fetch_response: 'llm',
        embeddings: 'embedding',
        retrieval: 'retriever',
        search_memory: 'retriever',
        rerank: 'reranker',
        execute_tool: 'tool',
        invoke_agent: 'agent',
        create_agent: 'agent',
        invoke_workflow: 'chain',
        agent_step: 'chain',
        execute_task: 'chain',
        plan: 'chain',
      },
    },
  ],
  fields: {
    operationName: ['gen_ai.operation.name'],
    providerName: ['gen_ai.provider.name', 'gen_ai.system'],
    requestModel: ['gen_ai.request.model'],
    responseModel: ['gen_ai.response.model'],
    responseId: ['gen_ai.response.id'],
    previousResponseId: ['gen_ai.request.previous_response.id'],
    finishReasons: ['gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason'],
    agentName: ['gen_ai.agent.name'],
    toolName: ['gen_ai.tool.name'],
    toolCallId: ['gen_ai.tool.call.id'],
    inputTokens: [
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'gen_ai.aggregated_usage.input_tokens',
    ],
    outputTokens: [
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'gen_ai.aggregated_usage.output_tokens',
    ],
    cacheReadInputTokens: [
      'gen_ai.usage.cache_read.input_tokens',
      'gen_ai.usage.cache_read_input_tokens',
    ],
    cacheWriteInputTokens: [
      'gen_ai.usage.cache_write.input_tokens',
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.cache_creation_input_tokens',
    ],
    reasoningOutputTokens: [
      'gen_ai.usage.reasoning.output_tokens',
      'gen_ai.usage.reasoning_tokens',
    ],
    reportedCostUsd: ['gen_ai.usage.cost', 'operation.cost'],
    timeToFirstChunk: [
      'gen_ai.response.time_to_first_chunk',
      'gen_ai.client.operation.time_to_first_chunk',
    ],
    errorType: ['error.type'],
  },
  system: [
    attribute('messages', 'gen_ai.system_instructions', 'system'),
    operationDetails('system'),
  ],
  input: [
    asSaid(attribute('messages', 'gen_ai.input.messages', 'input')),
    asSaid(operationDetails('input')),
    messageEvents.input,
    eventAttribute('gen_ai.content.prompt', 'gen_ai.prompt', 'input'),
    attribute('request', 'gen_ai.prompt', 'input'),
  ],
  output: [
    asSaid(attribute('messages', 'gen_ai.output.messages', 'output')),
    asSaid(operationDetails('output')),
    messageEvents.output,
    eventAttribute('gen_ai.content.completion', 'gen_ai.completion', 'output'),
    attribute('request', 'gen_ai.completion', 'output'),
  ],
};
