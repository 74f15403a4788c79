import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

// From the reference, not recorded: AI SDK 4, which says `args` and `result`, and counts prompt tokens.
test('reads a model call of AI SDK 4', () => {
  const genAi = meaningOf({
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.id': 'gpt-4o-mini',
    'ai.model.provider': 'openai.chat',
    'ai.telemetry.metadata.sessionId': 'thread-1',
    'ai.telemetry.metadata.userId': 'ann',
    'ai.prompt.messages': JSON.stringify([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', args: { city: 'Bern' } },
        ],
      },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'weather', result: 'sunny' }],
      },
    ]),
    'ai.response.text': '',
    'ai.response.toolCalls': JSON.stringify([
      { toolCallType: 'function', toolCallId: 'c2', toolName: 'time', args: '{"city":"Bern"}' },
    ]),
    'ai.response.finishReason': 'tool-calls',
    'ai.usage.promptTokens': 9n,
    'ai.usage.completionTokens': 3n,
  });
  expect(genAi).toMatchObject({
    kind: 'llm',
    userId: 'ann',
    requestModel: 'gpt-4o-mini',
    finishReasons: ['tool-calls'],
    inputTokens: 9,
    outputTokens: 3,
  });
  expect(genAi.inputMessages).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
  ]);
  expect(genAi.outputMessages).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c2', name: 'time', arguments: { city: 'Bern' } }],
    },
  ]);
});

// Not recorded: older versions begin with `ai.result.`.
test('reads the answer of older versions', () => {
  const { outputMessages } = meaningOf({
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.result.text': 'Hello!',
  });
  expect(outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] },
  ]);
});
