import { describe, expect, test } from 'vitest';
import { toMessages, toPart, toParts } from './content.js';

describe('parts', () => {
  test.each<readonly [string, object, object]>([
    ['text', { text: 'Hi' }, { type: 'text', content: 'Hi' }],
    ['a thought', { text: 'Hm', thought: true }, { type: 'reasoning', content: 'Hm' }],
    [
      'a call with an id',
      { functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'x' },
      { type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } },
    ],
    [
      'a call without an id',
      { functionCall: { name: 'f' } },
      { type: 'tool_call', name: 'f', arguments: {} },
    ],
    [
      'a result',
      { functionResponse: { id: 'c1', name: 'f', response: { output: 1 } } },
      { type: 'tool_call_response', id: 'c1', name: 'f', response: { output: 1 } },
    ],
    [
      'bytes',
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
    ],
    [
      'a file',
      { fileData: { mimeType: 'application/pdf', fileUri: 'gs://a/b.pdf' } },
      {
        type: 'uri',
        modality: 'document',
        mime_type: 'application/pdf',
        uri: 'gs://a/b.pdf',
      },
    ],
    [
      'code that is run',
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      {
        type: 'server_tool_call',
        name: 'code_execution',
        server_tool_call: { type: 'code_execution', language: 'PYTHON', code: 'print(1)' },
      },
    ],
    [
      'what code gave',
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
      {
        type: 'server_tool_call_response',
        server_tool_call_response: { type: 'code_execution', outcome: 'OUTCOME_OK', output: '1' },
      },
    ],
    [
      "a tool of Google's",
      { toolCall: { id: 't1', toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } } },
      {
        type: 'server_tool_call',
        id: 't1',
        name: 'GOOGLE_SEARCH_WEB',
        server_tool_call: { type: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } },
      },
    ],
    ['anything else', { news: 1 }, { type: 'raw', content: { news: 1 } }],
  ])('%s', (_name, part, expected) => {
    expect(toPart(part)).toEqual(expected);
  });
});

describe('contents', () => {
  const HI = { type: 'text', content: 'Hi' };

  test.each<readonly [string, unknown]>([
    ['a text', 'Hi'],
    ['texts', ['Hi']],
    ['a part', { text: 'Hi' }],
    ['parts', [{ text: 'Hi' }]],
    ['a content', { parts: [{ text: 'Hi' }] }],
    ['contents', [{ role: 'user', parts: [{ text: 'Hi' }] }]],
  ])('%s is a message of the user', (_name, contents) => {
    expect(toMessages(contents)).toEqual([{ role: 'user', parts: [HI] }]);
    expect(toParts(contents)).toEqual([HI]);
  });

  test('what the model said is the assistant’s', () => {
    expect(toMessages([{ role: 'model', parts: [{ text: 'Hi' }] }])).toEqual([
      { role: 'assistant', parts: [HI] },
    ]);
  });

  test('nothing is nothing', () => {
    expect(toMessages(undefined)).toEqual([]);
    expect(toParts(undefined)).toEqual([]);
  });
});
