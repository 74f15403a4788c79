import type { Attributes } from '@opentelemetry/api';
import { turnOf, type ChatMessage, type SyntheticThread } from './synthetic-threads.js';

/** A span yet to be made by the SDK. */
export interface SpanDraft {
  readonly name: string;
  readonly attributes: Attributes;
}

/** How a tracer writes the model call of one turn. */
export type SpanShape = (thread: SyntheticThread, turn: number) => SpanDraft;

const MODEL = 'gpt-4o-mini-2024-07-18';
const CHARACTERS_PER_TOKEN = 4;

const tokensOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + Math.ceil(content.length / CHARACTERS_PER_TOKEN), 0);

const asParts = (messages: readonly ChatMessage[]): string =>
  JSON.stringify(
    messages.map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] })),
  );

/** OpenTelemetry's GenAI conventions from 1.37 on: messages as JSON in attributes. */
const otel: SpanShape = (thread, turn) => {
  const { history, answer } = turnOf(thread, turn);
  return {
    name: `chat ${MODEL}`,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.conversation.id': thread.threadId,
      'user.id': thread.userId,
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': MODEL,
      'gen_ai.response.id': `chatcmpl-${thread.threadId}-${turn}`,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': tokensOf(history),
      'gen_ai.usage.output_tokens': tokensOf([answer]),
      'gen_ai.input.messages': asParts(history),
      'gen_ai.output.messages': asParts([answer]),
      'server.address': 'api.openai.com',
      'server.port': 443,
    },
  };
};

const numbered = (prefix: string, messages: readonly ChatMessage[]): Attributes =>
  Object.fromEntries(
    messages.flatMap(({ role, content }, index) => [
      [`${prefix}.${index}.message.role`, role],
      [`${prefix}.${index}.message.content`, content],
    ]),
  );

/** OpenInference: numbered keys, and request and response once more as JSON beside them. */
const openinference: SpanShape = (thread, turn) => {
  const { history, answer } = turnOf(thread, turn);
  const usage = { prompt_tokens: tokensOf(history), completion_tokens: tokensOf([answer]) };
  const choices = [{ index: 0, message: answer, finish_reason: 'stop' }];
  return {
    name: 'OpenAI Chat Completions',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.model_name': MODEL,
      'llm.system': 'openai',
      'llm.provider': 'openai',
      'session.id': thread.threadId,
      'user.id': thread.userId,
      'llm.invocation_parameters': JSON.stringify({ model: 'gpt-4o-mini', temperature: 0.7 }),
      'input.value': JSON.stringify({ model: 'gpt-4o-mini', messages: history }),
      'input.mime_type': 'application/json',
      'output.value': JSON.stringify({ id: `chatcmpl-${turn}`, model: MODEL, choices, usage }),
      'output.mime_type': 'application/json',
      'llm.token_count.prompt': usage.prompt_tokens,
      'llm.token_count.completion': usage.completion_tokens,
      ...numbered('llm.input_messages', history),
      ...numbered('llm.output_messages', [answer]),
    },
  };
};

/** The shapes of model calls that are measured. */
export const SPAN_SHAPES = { otel, openinference } as const satisfies Record<string, SpanShape>;

/** What a web service sends beside: no word of a conversation. */
export const plainSpan = (index: number): SpanDraft => ({
  name: 'GET /orders/:id',
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
    'url.path': `/orders/${index}`,
    'url.scheme': 'https',
    'server.address': 'shop.example.com',
    'server.port': 443,
    'client.address': `10.0.${index % 256}.7`,
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    'network.protocol.version': '1.1',
    'db.system.name': 'postgresql',
    'db.query.text': 'SELECT * FROM orders WHERE id = $1',
  },
});
