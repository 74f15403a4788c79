import type { Json, Message, Part } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { readMessages } from './message.js';

const said = (role: string, ...parts: readonly Part[]): Message => ({ role, parts });
const words = (content: string): Part => ({ type: 'text', content });
const weather = (id?: string): Part => ({
  type: 'tool_call',
  ...(id !== undefined && { id }),
  name: 'weather',
  arguments: { city: 'Bern' },
});
const call = (id: string) => ({ id, function: { name: 'weather', arguments: '{"city":"Bern"}' } });
const bytes = 'JVBERi0xLjEKJcOkw7zDtsOfCjIgMCBvYmo+Pj4/Pz8=';

const STORED = 'mlflow-attachment://4c?content_type=application%2Fpdf&trace_id=tr-1&size=9';

const ENCODINGS: readonly (readonly [name: string, given: Json, read: readonly Message[]])[] = [
  [
    'items of one answer, each in a message of its own (OpenInference of Responses)',
    [
      { message: { role: 'assistant', content: 'Let me see.' } },
      { message: { role: 'assistant', tool_calls: [{ tool_call: call('c1') }] } },
      { message: { role: 'assistant', tool_calls: [{ tool_call: call('c2') }] } },
    ],
    [said('assistant', words('Let me see.'), weather('c1'), weather('c2'))],
  ],
  [
    'alternative answers that call a tool each',
    [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', tool_calls: [call('c1')] },
      },
      {
        index: 1,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', tool_calls: [call('c2')] },
      },
    ],
    [said('assistant', weather('c1')), said('assistant', weather('c2'))],
  ],
  [
    'a call by the id of its item, which pairs with no result (OpenLLMetry of Responses)',
    [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'fc_1', name: 'weather', arguments: { city: 'Bern' } }],
      },
    ],
    [said('assistant', weather())],
  ],
  [
    'reasoning as the JSON of its summary (OpenLLMetry of Responses)',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: '[{"text": "hm", "type": "summary_text"}]' },
          { type: 'text', content: 'Hi' },
        ],
      },
    ],
    [said('assistant', { type: 'reasoning', content: 'hm' }, words('Hi'))],
  ],
  [
    'reasoning as the JSON of its block (OpenLLMetry of Bedrock)',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: '{"reasoningContent": {"reasoningText": {"text": "hm"}}}' },
        ],
      },
    ],
    [said('assistant', { type: 'reasoning', content: 'hm' })],
  ],
  [
    'thoughts in a message of a role of their own (OpenLLMetry 0.40 of Anthropic)',
    [
      { role: 'thinking', content: 'hm' },
      { role: 'assistant', tool_calls: [call('c1')] },
    ],
    [said('assistant', { type: 'reasoning', content: 'hm' }, weather('c1'))],
  ],
  [
    'instructions that call themselves the user’s (OpenInference of Gemini)',
    {
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      system_instruction: { role: 'user', parts: [{ text: 'Be kind.' }] },
    },
    [said('system', words('Be kind.')), said('user', words('Hi'))],
  ],
  [
    'bytes in letters that are safe in addresses (Gemini)',
    [
      {
        role: 'user',
        parts: [
          {
            inline_data: {
              mime_type: 'application/pdf',
              data: bytes.replaceAll('+', '-').replaceAll('/', '_'),
            },
          },
        ],
      },
    ],
    [
      said('user', {
        type: 'blob',
        modality: 'document',
        mime_type: 'application/pdf',
        content: bytes,
      }),
    ],
  ],
  [
    'media whose kind is named by an ending (Bedrock)',
    [
      {
        role: 'user',
        content: [
          { document: { format: 'pdf', name: 'a', source: { bytes: 'AAAA' } } },
          { image: { format: 'png', source: { bytes: 'AAAA' } } },
        ],
      },
    ],
    [
      said(
        'user',
        { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AAAA' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
      ),
    ],
  ],
  [
    'the address of bytes that MLflow stored, which tells their type',
    [
      {
        role: 'user',
        content: [{ type: 'file', file: { file_data: STORED, filename: 'a.pdf' } }],
      },
    ],
    [
      said('user', {
        type: 'uri',
        modality: 'document',
        mime_type: 'application/pdf',
        uri: STORED,
      }),
    ],
  ],
  [
    'bytes as JavaScript writes them into JSON, by a Buffer or an array',
    [
      {
        role: 'user',
        content: [
          {
            document: {
              format: 'pdf',
              name: 'a',
              source: { bytes: { type: 'Buffer', data: [37, 80, 68, 70] } },
            },
          },
          { image: { format: 'png', source: { bytes: { 0: 137, 1: 80, 2: 78 } } } },
          { type: 'image', image: { 0: 137, 1: 80, 2: 78 }, mediaType: 'image/png' },
        ],
      },
    ],
    [
      said(
        'user',
        { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'JVBERg==' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBO' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBO' },
      ),
    ],
  ],
  [
    'bytes as Python prints them (OpenInference of Bedrock)',
    [
      {
        role: 'user',
        content: [
          { document: { format: 'pdf', source: { bytes: String.raw`b'%PDF\n\'\\'` } } },
          { image: { format: 'png', source: { bytes: String.raw`b"\x89PN'"` } } },
        ],
      },
    ],
    [
      said(
        'user',
        {
          type: 'blob',
          modality: 'document',
          mime_type: 'application/pdf',
          content: 'JVBERgonXA==',
        },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBOJw==' },
      ),
    ],
  ],
  [
    'a document as the JSON of its block (OpenInference of Anthropic)',
    [
      {
        message: {
          role: 'user',
          contents: [
            {
              message_content: {
                type: 'document',
                text: '{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "__REDACTED__"}}',
              },
            },
          ],
        },
      },
    ],
    [
      said('user', {
        type: 'blob',
        modality: 'document',
        mime_type: 'application/pdf',
        content: '__REDACTED__',
      }),
    ],
  ],
  [
    'a result that is a list of one text (Anthropic)',
    [
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'sunny' }] },
        ],
      },
    ],
    [said('tool', { type: 'tool_call_response', id: 'c1', response: 'sunny' })],
  ],
  [
    'a Python repr, as the text it is',
    [{ role: 'user', parts: [{ type: 'text', content: "[{'role': 'user'}]" }] }],
    [said('user', words("[{'role': 'user'}]"))],
  ],
];

describe('readMessages', () => {
  test.each(ENCODINGS)('reads %s', (_, given, read) => {
    expect(readMessages(given, 'user')).toEqual(read);
  });
});
