import type { Json, Message, ObservationKind } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';
import { readMessages } from '../messages/message.js';
import { asJson, asSecondsOfMillis } from '../read-value.js';

/** The outer span of a call wraps one inner span for each step; only the inner ones are model calls. */
const OUTER = ['generateText', 'streamText', 'generateObject', 'streamObject'] as const;
const operations: Readonly<Record<string, ObservationKind>> = Object.fromEntries([
  ...OUTER.map((name) => [`ai.${name}`.toLowerCase(), 'agent'] as const),
  ...OUTER.flatMap((name) => [
    [`ai.${name}.doGenerate`.toLowerCase(), 'llm'] as const,
    [`ai.${name}.doStream`.toLowerCase(), 'llm'] as const,
  ]),
  ...['ai.embed', 'ai.embedmany'].map((name) => [name, 'chain'] as const),
  ...['ai.embed.doembed', 'ai.embedmany.doembed'].map((name) => [name, 'embedding'] as const),
  ['ai.rerank.dorerank', 'reranker'],
  ['ai.toolcall', 'tool'],
]);

/** Where text, reasoning and tool calls stand; `ai.result.` in older versions. */
const ANSWER = [
  ['ai.response.text', 'ai.response.object', 'ai.result.text', 'ai.result.object'],
  ['ai.response.reasoning'],
  ['ai.response.toolCalls', 'ai.result.toolCalls'],
] as const;

/** Reasoning, text and tool calls of an answer stand in attributes of their own. */
const response: ContentRule = {
  source: 'messages',
  key: 'ai.response.*',
  read: ({ attributes }): readonly Message[] | undefined => {
    const [text, reasoning, calls] = ANSWER.map((keys) =>
      keys.map((key) => attributes.get(key)).find((value) => value != null),
    );
    if (text == null && calls == null && reasoning == null) return undefined;
    const content: Json = typeof text === 'string' ? text : '';
    return readMessages(
      {
        role: 'assistant',
        content,
        ...(typeof reasoning === 'string' && { reasoning_content: reasoning }),
        ...(calls != null && { tool_calls: asJson(calls) }),
      },
      'assistant',
    );
  },
};

/**
 * Vercel AI SDK 4 to 6, and the legacy integration of 7. The default integration of 7 (scope
 * `gen_ai`) writes OTel attributes, which `otel-genai` reads.
 */
export const vercelAi: Dialect = {
  name: 'vercel-ai',
  marks: [
    'ai.operationId',
    'ai.model.',
    'ai.prompt',
    'ai.prompt.',
    'ai.response.',
    'ai.result.',
    'ai.toolCall.',
    'ai.telemetry.',
  ],
  scopes: [/^ai$/],
  kinds: [{ key: 'ai.operationId', kinds: operations }],
  fields: {
    providerName: ['ai.model.provider'],
    requestModel: ['ai.model.id'],
    responseModel: ['ai.response.model'],
    responseId: ['ai.response.id'],
    finishReasons: ['ai.response.finishReason', 'ai.finishReason'],
    toolName: ['ai.toolCall.name'],
    toolCallId: ['ai.toolCall.id'],
    inputTokens: ['ai.usage.inputTokens', 'ai.usage.promptTokens'],
    outputTokens: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
    cacheReadInputTokens: ['ai.usage.cachedInputTokens'],
    reasoningOutputTokens: ['ai.usage.reasoningTokens'],
    timeToFirstChunk: [{ key: 'ai.response.msToFirstChunk', read: asSecondsOfMillis }],
  },
  input: [
    attribute('messages', 'ai.prompt.messages', 'input'),
    attribute('request', 'ai.prompt', 'input'),
  ],
  output: [response],
};
