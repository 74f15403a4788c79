import { expect, test } from 'vitest';
import { splitParts } from './message-parts.js';

test('joins text and calls to one message', () => {
  const call = { id: 'c', name: 'look', arguments: '{}' };
  expect(splitParts('assistant', [{ text: 'a' }, { call }, { text: 'b' }])).toEqual([
    { role: 'assistant', text: 'ab', toolCalls: [call] },
  ]);
});

test('keeps tool results and the text around them in their order', () => {
  const parts = [{ text: 'a' }, { result: '1' }, { result: '2' }, { text: 'b' }, { text: 'c' }];
  expect(splitParts('user', parts)).toEqual([
    { role: 'user', text: 'a' },
    { role: 'tool', text: '1' },
    { role: 'tool', text: '2' },
    { role: 'user', text: 'bc' },
  ]);
});

test('takes a message without parts for an empty one', () => {
  expect(splitParts('user', [])).toEqual([{ role: 'user', text: '' }]);
});
