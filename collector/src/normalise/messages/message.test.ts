import type { Json, Message } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessages } from './message.js';

const user = (content: string): Message => ({ role: 'user', parts: [{ type: 'text', content }] });
const assistant = (content: string): Message => ({
  role: 'assistant',
  parts: [{ type: 'text', content }],
});
const weather = {
  type: 'tool_call',
  id: 'c1',
  name: 'weather',
  arguments: { city: 'Bern' },
} as const;
const sunny = { type: 'tool_call_response', id: 'c1', response: 'sunny' } as const;

const SHAPES: readonly (readonly [name: string, given: Json, read: readonly Message[]])[] = [
  ['plain text', 'Hi', [user('Hi')]],
  ['OTel parts', [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }], [user('Hi')]],
  [
    'parts of a tool, with the id of the call beside them',
    [{ role: 'tool', parts: [{ type: 'text', content: 'sunny' }], tool_call_id: 'c1' }],
    [{ role: 'tool', parts: [sunny] }],
  ],
  ['OpenAI chat', [{ role: 'user', content: 'Hi' }], [user('Hi')]],
  [
    'OpenAI chat with content parts',
    [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    [user('Hi')],
  ],
  ['an OpenAI request', { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }, [user('Hi')]],
  [
    'an OpenAI answer',
    { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' } }] },
    [assistant('Hi')],
  ],
  [
    'OpenAI tool calls and results',
    [
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"Bern"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'sunny' },
    ],
    [
      { role: 'assistant', parts: [weather] },
      { role: 'tool', parts: [sunny] },
    ],
  ],
  [
    'OpenAI Responses items',
    [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      {
        type: 'function_call',
        id: 'fc_1',
        call_id: 'c1',
        name: 'weather',
        arguments: '{"city":"Bern"}',
      },
      { type: 'function_call_output', call_id: 'c1', output: 'sunny' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.' }] },
    ],
    [
      user('Hi'),
      { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, weather] },
      { role: 'tool', parts: [sunny] },
      assistant('Sunny.'),
    ],
  ],
  [
    'Anthropic blocks, the result in a user message beside text',
    [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Bern' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'sunny' },
          { type: 'text', text: 'So?' },
        ],
      },
    ],
    [
      { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, weather] },
      { role: 'tool', parts: [sunny] },
      user('So?'),
    ],
  ],
  [
    'Gemini contents',
    {
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { name: 'weather', args: { city: 'Bern' } } }] },
      ],
    },
    [
      user('Hi'),
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Bern' } }],
      },
    ],
  ],
  [
    'Bedrock blocks',
    [
      {
        role: 'assistant',
        content: [
          { text: 'Hi' },
          { toolUse: { toolUseId: 'c1', name: 'weather', input: { city: 'Bern' } } },
        ],
      },
    ],
    [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }, weather] }],
  ],
  [
    'AI SDK parts',
    [
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Bern' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'weather',
            output: { type: 'text', value: 'sunny' },
          },
        ],
      },
    ],
    [
      { role: 'assistant', parts: [weather] },
      { role: 'tool', parts: [sunny] },
    ],
  ],
  [
    "Bedrock blocks as JSON text in a message of role tool, as Strands' events have them",
    [
      {
        role: 'tool',
        content:
          '[{"toolResult":{"toolUseId":"c1","status":"success","content":[{"text":"sunny"}]}}]',
      },
    ],
    [{ role: 'tool', parts: [sunny] }],
  ],
  [
    'media beside the content, as Agno has them',
    [{ role: 'user', content: 'Hi', images: [{ mime_type: 'image/png', content: 'AAAA' }] }],
    [
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'Hi' },
          { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
        ],
      },
    ],
  ],
  [
    'calls among the content and once more beside it, as OpenInference writes them',
    [
      {
        message: {
          role: 'assistant',
          contents: [
            { message_content: { type: 'text', text: 'Hi' } },
            {
              message_content: { type: 'tool_use' },
              tool_call: { id: 'c1', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
            },
          ],
          tool_calls: [
            {
              tool_call: {
                id: 'c1',
                function: { name: 'weather', arguments: '{"city": "Bern"}' },
              },
            },
          ],
        },
      },
    ],
    [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }, weather] }],
  ],
  [
    'calls of nobody, as Langfuse keeps of a stream',
    { tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Bern"}' } }] },
    [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Bern' } }],
      },
    ],
  ],
  [
    'LangChain dumps',
    {
      messages: [
        [
          {
            lc: 1,
            type: 'constructor',
            id: ['langchain', 'schema', 'HumanMessage'],
            kwargs: { content: 'Hi' },
          },
        ],
      ],
    },
    [user('Hi')],
  ],
  [
    'what LangChain hands to the callbacks of a step',
    { outputs: [{ graph: null, update: { messages: [{ role: 'user', content: 'Hi' }] } }] },
    [user('Hi')],
  ],
  [
    'an image of OpenAI',
    [
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
      },
    ],
    [
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }],
      },
    ],
  ],
  [
    'a document that says itself what it is',
    [
      {
        role: 'user',
        parts: [
          {
            type: 'blob',
            modality: 'document',
            mime_type: 'application/octet-stream',
            content: 'data:application/pdf;base64,AAAA',
          },
        ],
      },
    ],
    [
      {
        role: 'user',
        parts: [
          { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AAAA' },
        ],
      },
    ],
  ],
  [
    'a document that is called an image',
    [
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'application/pdf', content: 'AAAA' }],
      },
    ],
    [
      {
        role: 'user',
        parts: [
          { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'AAAA' },
        ],
      },
    ],
  ],
  [
    'an image at an address',
    [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://example.org/a.png' }] }],
    [
      {
        role: 'user',
        parts: [{ type: 'uri', modality: 'image', uri: 'https://example.org/a.png' }],
      },
    ],
  ],
  [
    'a part of a type nobody knows',
    [{ role: 'user', parts: [{ type: 'hologram', x: 1 }] }],
    [{ role: 'user', parts: [{ type: 'raw', content: { type: 'hologram', x: 1 } }] }],
  ],
  [
    'roles of other names',
    [
      { role: 'human', content: 'Hi' },
      { role: 'AI', content: 'Hi' },
      { role: 'developer', content: 'Hi' },
    ],
    [user('Hi'), assistant('Hi'), { role: 'system', parts: [{ type: 'text', content: 'Hi' }] }],
  ],
];

describe('readMessages', () => {
  test.each(SHAPES)('reads %s', (_, given, read) => {
    expect(readMessages(given, 'user')).toEqual(read);
  });

  test('keeps words that look like JSON as the words they are', () => {
    const words = '{"city": "Bern"}';
    expect(readMessages([{ role: 'user', content: words }], 'user')).toEqual([user(words)]);
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'takes %s for a word like any other',
    (word) => {
      const dump = { lc: 1, type: word, id: ['core', 'ChatPromptValue'], kwargs: { messages: [] } };
      expect(readMessages([dump, { role: word, content: [{ type: word }] }], 'user')).toEqual([
        { role: word.toLowerCase(), parts: [{ type: 'raw', content: { type: word } }] },
      ]);
    },
  );

  test.each([
    ['in its type', { type: 'HumanMessage', content: 'Hi' }],
    [
      'in the id of its fields',
      { id: ['HumanMessage'], kwargs: { content: 'Hi', id: ['AIMessage'] } },
    ],
  ])('takes a LangChain message that names its class %s for one message', (_, given) => {
    expect(readMessages([given], 'user')).toEqual([user('Hi')]);
  });

  test('keeps what a user pasted, ids of many digits and a tool result that resembles a wrapper', () => {
    const pasted = '[{"name":"Bob","text":"hello"}]';
    const args = '{"order_id": 7203685477580712345}';
    const temperature = { type: 'celsius', value: 21 };
    expect(
      readMessages(
        [
          { role: 'user', content: pasted },
          {
            role: 'assistant',
            tool_calls: [{ id: 'c', function: { name: 'f', arguments: args } }],
          },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: temperature }] },
        ],
        'user',
      ),
    ).toEqual([
      user(pasted),
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 'f', arguments: args }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: temperature }] },
    ]);
  });

  test('survives any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(Array.isArray(readMessages(value as Json, 'user'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
