import { expect, test } from 'vitest';
import { readMessages } from './message.js';

const account = (...texts: readonly string[]) => [
  { role: 'user', parts: ['For context:', ...texts].map((text) => ({ text })) },
];
const assistant = (content: string) => ({ role: 'assistant', parts: [{ type: 'text', content }] });

test.each([
  '[colette] said: At 14:32.',
  '[colette] said:\n<<<BEGIN_QUOTED_AGENT_CONTENT>>>\nAt 14:32.\n<<<END_QUOTED_AGENT_CONTENT>>>',
])('reads what another agent said as its words: %j', (text) => {
  expect(readMessages(account(text), 'user')).toEqual([assistant('At 14:32.')]);
});

test('keeps the places of calls, and results as they are told', () => {
  const texts = [
    "[colette] called tool `transfer` with parameters: {'a': 1}",
    "[colette] `transfer` tool returned result: {'b': 2}",
  ];
  expect(readMessages(account(...texts), 'user')).toEqual([
    { role: 'assistant', parts: [{ type: 'raw', content: null }] },
    {
      role: 'tool',
      parts: [{ type: 'tool_call_response', name: 'transfer', response: "{'b': 2}" }],
    },
  ]);
});

test('leaves words of the user alone', () => {
  const words = account('I am at the station.');
  expect(readMessages(words, 'user')).toMatchObject([{ role: 'user' }]);
});
