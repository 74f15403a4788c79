import { describe, expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

/** As MLflow does with every attribute. */
const encoded = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));

test('reads what was encoded as JSON, text included', () => {
  const genAi = meaningOf(
    encoded({
      'mlflow.spanType': 'CHAT_MODEL',
      'mlflow.spanInputs': { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
      'mlflow.spanOutputs': {
        id: 'c1',
        choices: [{ message: { role: 'assistant', content: 'Ho' } }],
      },
      'mlflow.chat.tokenUsage': { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      'session.id': 'thread-1',
      'user.id': 'ann',
    }),
  );
  expect(genAi).toMatchObject({
    kind: 'llm',
    requestModel: 'm',
    responseId: 'c1',
    inputTokens: 3,
    outputTokens: 2,
    userId: 'ann',
    inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Ho' }] }],
  });
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});

describe('a text that a function returned', () => {
  test.each(['Hello!', '{"a": 1}', '"quoted"', 'null', '42'])(
    'is meant to the letter: %s',
    (text) => {
      const { outputMessages } = meaningOf(encoded({ 'mlflow.spanOutputs': text }));
      expect(outputMessages).toEqual([
        { role: 'assistant', parts: [{ type: 'text', content: text }] },
      ]);
    },
  );

  test('is kept when its end was cut off', () => {
    const { outputMessages } = meaningOf({ 'mlflow.spanOutputs': '"Hello, my na' });
    expect(outputMessages).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: '"Hello, my na' }] },
    ]);
  });
});
