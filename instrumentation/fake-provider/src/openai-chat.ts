import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { pieces, type ApiShape, type ProviderAnswer, type Usage } from './api-shape.js';
import type { ConversationMessage } from './conversation.js';
import { openaiError } from './openai-error.js';
import { wireToolCalls } from './script.js';

type Delta = ChatCompletionChunk.Choice.Delta;

/**
 * OpenAI Chat Completions.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: ApiShape = {
  matches: (path) => path === '/v1/chat/completions',
  readRequest(body) {
    const { model, stream, messages }: ChatCompletionCreateParams = JSON.parse(body);
    return { model, stream: stream === true, messages: messages.map(readMessage) };
  },
  responseId: (serial) => `chatcmpl-${serial}`,
  writeResponse,
  writeStream,
  writeError: openaiError,
};

const ROLES = {
  developer: 'system',
  system: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
} as const satisfies Record<ChatCompletionMessageParam['role'], ConversationMessage['role']>;

function readMessage(message: ChatCompletionMessageParam): ConversationMessage {
  const read = { role: ROLES[message.role], text: readText(message.content) };
  if (message.role !== 'assistant' || message.tool_calls == null) return read;
  const calls = message.tool_calls.filter((call) => call.type === 'function');
  return { ...read, toolCalls: calls.map((call) => ({ id: call.id, ...call.function })) };
}

function readText(content: ChatCompletionMessageParam['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function writeResponse({ serial, createdAt, model, reply, usage }: ProviderAnswer): ChatCompletion {
  const calls = wireCalls(reply);
  return {
    id: openaiChat.responseId(serial),
    object: 'chat.completion',
    created: createdAt,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
      },
    ],
    usage: wireUsage(usage),
  };
}

function* writeStream(answer: ProviderAnswer, body: string): Generator<string> {
  const { stream_options }: ChatCompletionCreateParams = JSON.parse(body);
  const withUsage = stream_options?.include_usage === true;
  const base = {
    id: openaiChat.responseId(answer.serial),
    object: 'chat.completion.chunk' as const,
    created: answer.createdAt,
    model: answer.model,
  };
  const frame = (choices: ChatCompletionChunk['choices'], usage: CompletionUsage | null = null) => {
    const chunk: ChatCompletionChunk = { ...base, choices, ...(withUsage && { usage }) };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  for (const delta of deltas(answer)) yield frame([{ index: 0, delta, finish_reason: null }]);
  const finish_reason = wireCalls(answer.reply).length > 0 ? 'tool_calls' : 'stop';
  yield frame([{ index: 0, delta: {}, finish_reason }]);
  if (withUsage) yield frame([], wireUsage(answer.usage));
  yield 'data: [DONE]\n\n';
}

function* deltas({ reply }: ProviderAnswer): Generator<Delta> {
  yield { role: 'assistant', content: reply.text === undefined ? null : '', refusal: null };
  for (const content of pieces(reply.text ?? '')) yield { content };
  for (const [index, call] of wireCalls(reply).entries()) {
    const { name, arguments: text } = call.function;
    yield { tool_calls: [{ index, ...call, function: { name, arguments: '' } }] };
    for (const piece of pieces(text)) {
      yield { tool_calls: [{ index, function: { arguments: piece } }] };
    }
  }
}

const wireCalls = (reply: ProviderAnswer['reply']) =>
  wireToolCalls(reply).map(({ id, name, arguments: text }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: text },
  }));

const wireUsage = ({ inputTokens, cachedTokens, outputTokens }: Usage): CompletionUsage => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});
