import type {
  Response,
  ResponseCreateParams,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseUsage,
} from 'openai/resources/responses/responses';
import type { ApiShape, ProviderAnswer, Usage } from './api-shape.js';
import type { ConversationMessage } from './conversation.js';
import { openaiError } from './openai-error.js';
import { streamItem, type EventBody } from './openai-responses-stream.js';
import { wireToolCalls } from './script.js';

/**
 * OpenAI Responses. Items sent as `item_reference` are left out of the conversation: the script
 * needs the user messages and tool results alone.
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export const openaiResponses: ApiShape = {
  matches: (path) => path === '/v1/responses',
  readRequest(body) {
    const params: ResponseCreateParams = JSON.parse(body);
    return {
      model: params.model ?? '',
      stream: params.stream === true,
      messages: [...readInstructions(params), ...readInput(params.input)],
      ...(params.previous_response_id != null && { previousId: params.previous_response_id }),
    };
  },
  responseId: (serial) => `resp_${serial}`,
  writeResponse,
  writeStream,
  writeError: openaiError,
};

const readInstructions = ({ instructions }: ResponseCreateParams): ConversationMessage[] =>
  typeof instructions === 'string' ? [{ role: 'system', text: instructions }] : [];

function readInput(input: ResponseCreateParams['input']): ConversationMessage[] {
  if (typeof input === 'string') return [{ role: 'user', text: input }];
  return (input ?? []).flatMap(readItem);
}

function readItem(item: ResponseInputItem): ConversationMessage[] {
  if (item.type === 'function_call') {
    const call = { id: item.call_id, name: item.name, arguments: item.arguments };
    return [{ role: 'assistant', text: '', toolCalls: [call] }];
  }
  if (item.type === 'function_call_output') {
    return [{ role: 'tool', text: readText(item.output) }];
  }
  if (!('role' in item)) return [];
  const role = item.role === 'developer' ? 'system' : item.role;
  return role === 'system' || role === 'user' || role === 'assistant'
    ? [{ role, text: readText(item.content) }]
    : [];
}

const readText = (content: string | readonly object[]): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => ('text' in part ? String(part.text) : '')).join('');

function writeResponse(answer: ProviderAnswer, body: string): Response {
  const output = wireOutput(answer);
  const usage = wireUsage(answer.usage);
  return { ...emptyResponse(answer, body), status: 'completed', output, usage };
}

function* writeStream(answer: ProviderAnswer, body: string): Generator<string> {
  let sequence_number = 0;
  for (const unnumbered of eventBodies(answer, body)) {
    const event = { ...unnumbered, sequence_number };
    sequence_number += 1;
    yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }
}

function* eventBodies(answer: ProviderAnswer, body: string): Generator<EventBody> {
  const response = emptyResponse(answer, body);
  yield { type: 'response.created', response };
  yield { type: 'response.in_progress', response };
  for (const [index, item] of wireOutput(answer).entries()) yield* streamItem(item, index);
  yield { type: 'response.completed', response: writeResponse(answer, body) };
}

function wireOutput({ serial, reply }: ProviderAnswer): ResponseOutputItem[] {
  const output: ResponseOutputItem[] = [];
  if (reply.reasoning !== undefined) {
    const summary = [{ type: 'summary_text' as const, text: reply.reasoning }];
    output.push({ id: `rs_${serial}`, type: 'reasoning', summary });
  }
  if (reply.text !== undefined) {
    output.push({
      id: `msg_${serial}`,
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: reply.text, annotations: [] }],
    });
  }
  for (const [index, { id, name, arguments: text }] of wireToolCalls(reply).entries()) {
    output.push({
      id: `fc_${serial}_${index}`,
      type: 'function_call',
      call_id: id,
      name,
      arguments: text,
      status: 'completed',
    });
  }
  return output;
}

/** A response repeats what it was asked with, but for the input. */
function emptyResponse({ serial, createdAt, model }: ProviderAnswer, body: string): Response {
  const { instructions, previous_response_id, tools }: ResponseCreateParams = JSON.parse(body);
  return {
    id: openaiResponses.responseId(serial),
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: instructions ?? null,
    metadata: {},
    model,
    output: [],
    output_text: '',
    parallel_tool_calls: true,
    previous_response_id: previous_response_id ?? null,
    temperature: 1,
    tool_choice: 'auto',
    tools: tools ?? [],
    top_p: 1,
  };
}

const wireUsage = ({ inputTokens, cachedTokens, outputTokens }: Usage): ResponseUsage => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: cachedTokens },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens,
});
