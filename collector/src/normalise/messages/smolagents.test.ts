import { expect, test } from 'vitest';
import { readMessages } from './message.js';

const text = (words: string) => [{ type: 'text', text: words }];
const CALL = `{'id': 'c1', 'type': 'function', 'function': {'name': 'weather', 'arguments': {'city': "Val-d'Or"}}}`;
const OTHER = CALL.replace('c1', 'c2');
const call = (id: string) => ({
  type: 'tool_call',
  id,
  name: 'weather',
  arguments: { city: "Val-d'Or" },
});

test('reads the calls and results of a memory', () => {
  const read = readMessages(
    [
      { role: 'tool-call', content: text(`Calling tools:\n[${CALL}]`) },
      { role: 'tool-response', content: text('Observation:\nsunny') },
      { role: 'tool-call', content: text(`Calling tools:\n[${CALL}, ${OTHER}]`) },
      { role: 'tool-response', content: text('Observation:\nsunny\nrain') },
    ],
    'user',
  );
  expect(read).toEqual([
    { role: 'assistant', parts: [call('c1')] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
    { role: 'assistant', parts: [call('c1'), call('c2')] },
    { role: 'tool', parts: [{ type: 'tool_call_response', response: 'sunny\nrain' }] },
  ]);
});

test.each(['Calling tools:\nnone', 'Calling tools:\n[1]', 'Observation:\nIt rains.'])(
  'leaves other words of the assistant: %j',
  (words) => {
    expect(readMessages([{ role: 'assistant', content: words }], 'user')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: words }] },
    ]);
  },
);
