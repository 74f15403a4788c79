import { expect, test } from 'vitest';
import { readMessages } from './message.js';

const told = (role: string, ...contents: readonly string[]) => ({
  role,
  parts: contents.map((content) => ({ type: 'text', content })),
});

const THOUGHT = JSON.stringify({
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'hm' }],
});
const CALL = JSON.stringify({
  type: 'function_call',
  call_id: 'c1',
  name: 'weather',
  arguments: '{"city":"Bern"}',
});
const weather = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } };

test('reads pieces that stand in a text as their JSON, a repeated call once', () => {
  const call = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } };
  const message = told('assistant', THOUGHT, CALL);
  expect(readMessages([{ ...message, parts: [...message.parts, call] }], 'user')).toEqual([
    { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, weather] },
  ]);
});

test.each(['constructor', 'toString'])('leaves a text that is JSON of type %s a text', (type) => {
  const dump = JSON.stringify({ type, lc: 1, id: ['core', 'ChatPromptValue'] });
  expect(readMessages([told('assistant', dump)], 'user')).toEqual([told('assistant', dump)]);
});

test('reads files that stand in a text beside the question', () => {
  const file = JSON.stringify({ type: 'file', mime_type: 'application/pdf', data: 'AAAA' });
  expect(readMessages([told('user', 'And this?', file)], 'user')).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'text', content: 'And this?' },
        { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AAAA' },
      ],
    },
  ]);
});

test.each([CALL, '{"type":"text","text":"x"}', '{"type":"file"}'])(
  'leaves %s to the user who wrote it',
  (words) => {
    const message = told('user', words);
    expect(readMessages([message], 'user')).toEqual([message]);
  },
);

test('joins the chunks of a stream, all but the last of which end without a reason', () => {
  const chunks = [
    { ...told('assistant', 'Good '), finish_reason: '' },
    { ...told('assistant', 'morning'), finish_reason: '' },
    { ...told('assistant', '!'), finish_reason: 'stop' },
  ];
  expect(readMessages(chunks, 'assistant')).toEqual([told('assistant', 'Good morning!')]);
});

test('keeps alternatives that ended apart', () => {
  const choices = ['A', 'B'].map((word) => ({ ...told('assistant', word), finish_reason: 'stop' }));
  expect(readMessages(choices, 'assistant')).toHaveLength(2);
});

test('reads the pieces of Pydantic AI, which declare a kind or a media type of their own', () => {
  const content = [
    'Look:',
    { kind: 'binary', media_type: 'image/png', binary_content: 'AAAA' },
    { type: 'image-url', url: 'https://example.org/a.png' },
    { kind: 'thinking', text: 'hm' },
  ];
  expect(readMessages([{ role: 'user', content }], 'user')).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'text', content: 'Look:' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
        { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
        { type: 'reasoning', content: 'hm' },
      ],
    },
  ]);
});

test('leaves out the definitions of tools that stand among the messages', () => {
  const definition = { type: 'function', function: { name: 'weather', parameters: {} } };
  expect(readMessages([told('user', 'Hi'), { role: 'tool', content: definition }], 'user')).toEqual(
    [told('user', 'Hi')],
  );
});
