import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const event = (role: string, fields: object) => ({
  'event.name': `gen_ai.${role}.message`,
  role,
  ...fields,
});
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } };

test('takes what the assistant says last for the answer, in one message', () => {
  const genAi = meaningOf(
    {
      'gen_ai.request.model': 'gpt-4o-mini',
      response_id: 'resp_1',
      sdk_span_type: 'generation',
      group_id: 'chat-7',
      events: JSON.stringify([
        event('system', { content: 'Be kind.' }),
        event('user', { content: 'Hi' }),
        event('assistant', { content: 'Hello!' }),
        event('user', { content: 'Warm?' }),
        event('assistant', { content: 'I look.' }),
        event('assistant', { tool_calls: [call] }),
      ]),
    },
    { name: 'Responses API with {gen_ai.request.model!r}' },
  );
  expect(genAi.inputMessages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'user',
  ]);
  expect(genAi.outputMessages).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: 'I look.' },
        { type: 'tool_call', id: 'c1', name: 'weather', arguments: {} },
      ],
    },
  ]);
  expect(genAi).toMatchObject({ kind: 'llm', responseId: 'resp_1' });
  expect(genAi.threadCandidates).toMatchObject([{ threadId: 'chat-7', key: 'group_id' }]);
});
