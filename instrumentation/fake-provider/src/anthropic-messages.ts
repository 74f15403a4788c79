import { writeMessage } from './anthropic-message.js';
import { readAnthropicMessages, type AnthropicRequest } from './anthropic-request.js';
import { streamMessage } from './anthropic-stream.js';
import type { ApiShape, ProviderAnswer, UnscriptedRoute } from './api-shape.js';
import { countTokens } from './conversation.js';

/**
 * Anthropic Messages.
 * @see https://docs.anthropic.com/en/api/messages
 */
export const anthropicMessages: ApiShape = {
  matches: (path) => path === '/v1/messages',
  readRequest(body) {
    const request: AnthropicRequest = JSON.parse(body);
    return {
      model: request.model ?? '',
      stream: request.stream === true,
      messages: readAnthropicMessages(request),
    };
  },
  responseId: (serial) => `msg_${serial}`,
  writeResponse: writeMessage,
  writeStream,
  writeError: anthropicError,
};

/** @see https://docs.anthropic.com/en/api/messages-count-tokens */
export const anthropicCountTokens: UnscriptedRoute = {
  matches: (path) => path === '/v1/messages/count_tokens',
  answer: (body) => ({ input_tokens: countTokens(readAnthropicMessages(JSON.parse(body))) }),
};

function* writeStream(answer: ProviderAnswer): Generator<string> {
  for (const event of streamMessage(answer))
    yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** @see https://docs.anthropic.com/en/api/errors */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function anthropicError(status: number): object {
  const type = ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message: 'The request has failed.' } };
}
