import { expect, test } from 'vitest';
import { joinChunks } from './stream-chunks.js';

const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] }) as never;

test('joins text and the pieces of parallel tool calls', () => {
  const chunks = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'One ' }),
    chunk({ content: 'moment.' }),
    chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'weather', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'c2', function: { name: 'time', arguments: '{}' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] }),
    { choices: [], usage: {} },
  ];
  expect(joinChunks(chunks)).toEqual({
    role: 'assistant',
    content: 'One moment.',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
      { id: 'c2', type: 'function', function: { name: 'time', arguments: '{}' } },
    ],
  });
});

test('leaves the streams of others alone', () => {
  expect(joinChunks([{ type: 'content_block_delta', delta: { text: 'Hi' } }])).toBeUndefined();
});
