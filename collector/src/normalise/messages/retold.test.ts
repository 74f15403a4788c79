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

test('reads calls and results as Python prints them', () => {
  const texts = [
    "[colette] called tool `transfer` with parameters: {'a': 1}",
    "[colette] `transfer` tool returned result: {'b': None}",
  ];
  expect(readMessages(account(...texts), 'user')).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', name: 'transfer', arguments: { a: 1 } }],
    },
    {
      role: 'tool',
      parts: [{ type: 'tool_call_response', name: 'transfer', response: { b: null } }],
    },
  ]);
});

test('keeps the places of calls, and results as they are told, where they hold other objects', () => {
  const texts = [
    '[colette] called tool `transfer` with parameters: {"at": date(2026, 1, 1)}',
    '[colette] `transfer` tool returned result: {"at": date(2026, 1, 1)}',
  ];
  expect(readMessages(account(...texts), 'user')).toEqual([
    { role: 'assistant', parts: [{ type: 'raw', content: null }] },
    {
      role: 'tool',
      parts: [
        { type: 'tool_call_response', name: 'transfer', response: '{"at": date(2026, 1, 1)}' },
      ],
    },
  ]);
});

test('leaves words of the user alone', () => {
  const words = account('I am at the station.');
  expect(readMessages(words, 'user')).toMatchObject([{ role: 'user' }]);
});
