import { expect, test } from 'vitest';
import { toGenAiMessages, toGenAiParts } from './messages.js';

const bytes = new Uint8Array([1, 2, 3]);
const image = { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AQID' };

test.each([
  ['text', { type: 'text', text: 'Hi' }, { type: 'text', content: 'Hi' }],
  ['a thought', { type: 'reasoning', text: 'Hm.' }, { type: 'reasoning', content: 'Hm.' }],
  ['bytes', { type: 'file', data: bytes, mediaType: 'image/png' }, image],
  ['base64', { type: 'file', data: 'AQID', mediaType: 'image/png' }, image],
  [
    'bytes of version 7',
    { type: 'file', data: { type: 'data', data: bytes }, mediaType: 'image/png' },
    image,
  ],
  [
    'an address',
    { type: 'file', data: new URL('https://example.com/a.pdf'), mediaType: 'application/pdf' },
    {
      type: 'uri',
      modality: 'document',
      mime_type: 'application/pdf',
      uri: 'https://example.com/a.pdf',
    },
  ],
  [
    'an address of version 7',
    {
      type: 'file',
      data: { type: 'url', url: new URL('https://example.com/a.mp3') },
      mediaType: 'audio/mpeg',
    },
    { type: 'uri', modality: 'audio', mime_type: 'audio/mpeg', uri: 'https://example.com/a.mp3' },
  ],
  [
    'a call, its arguments in a prompt',
    { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 1 } },
    { type: 'tool_call', id: 'c1', name: 'look', arguments: { at: 1 } },
  ],
  [
    'a call, its arguments in an answer',
    { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{"at":1}' },
    { type: 'tool_call', id: 'c1', name: 'look', arguments: { at: 1 } },
  ],
  [
    'a call whose arguments are broken',
    { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{"at":' },
    { type: 'tool_call', id: 'c1', name: 'look', arguments: '{"at":' },
  ],
  [
    'a result in a prompt',
    { type: 'tool-result', toolCallId: 'c1', output: { type: 'json', value: { seen: 2 } } },
    { type: 'tool_call_response', id: 'c1', response: { seen: 2 } },
  ],
  [
    'a result that was denied',
    { type: 'tool-result', toolCallId: 'c1', output: { type: 'execution-denied', reason: 'No.' } },
    { type: 'tool_call_response', id: 'c1', response: 'No.' },
  ],
  [
    'a result in an answer',
    { type: 'tool-result', toolCallId: 'c1', result: [1] },
    { type: 'tool_call_response', id: 'c1', response: [1] },
  ],
])('%s becomes a GenAI part', (_what, piece, expected) => {
  expect(toGenAiParts([piece])).toEqual([expected]);
});

test('sources are not said', () => {
  expect(toGenAiParts([{ type: 'source', url: 'https://example.com' }])).toEqual([]);
});

test('instructions that stand apart are the system speaking first', () => {
  const hello = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };
  const user = { role: 'user', parts: [{ type: 'text', content: 'Hi' }] };
  const system = { role: 'system', parts: [{ type: 'text', content: 'Brief.' }] };
  expect(toGenAiMessages([hello], 'Brief.')).toEqual([system, user]);
  expect(toGenAiMessages([hello], { role: 'system', content: 'Brief.' })).toEqual([system, user]);
  expect(toGenAiMessages([hello])).toEqual([user]);
});
