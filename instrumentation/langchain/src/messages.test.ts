import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { toGenAiMessage } from './messages.js';

const text = (content: string) => ({ type: 'text', content });

test.each([
  ['text', 'Hi', { role: 'user', parts: [text('Hi')] }],
  ['a pair', ['human', 'Hi'], { role: 'user', parts: [text('Hi')] }],
  ['a plain object', { role: 'user', content: 'Hi' }, { role: 'user', parts: [text('Hi')] }],
  [
    'a system message',
    new SystemMessage('Be brief.'),
    { role: 'system', parts: [text('Be brief.')] },
  ],
  [
    "OpenAI's image",
    new HumanMessage({
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ],
    }),
    {
      role: 'user',
      parts: [
        text('What is it?'),
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
      ],
    },
  ],
  [
    "LangChain's own blocks",
    new HumanMessage({
      content: [
        { type: 'image', url: 'https://example.com/a.png' },
        { type: 'audio', data: 'BBBB', mimeType: 'audio/wav' },
        { type: 'file', fileId: 'f1' },
        { type: 'text-plain', text: 'notes' },
      ],
    }),
    {
      role: 'user',
      parts: [
        { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
        { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: 'BBBB' },
        { type: 'file', modality: 'document', file_id: 'f1' },
        text('notes'),
      ],
    },
  ],
  [
    "Anthropic's thoughts and calls, the call once",
    new AIMessage({
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 's' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 't1', name: 'look', input: { at: 1 } },
      ],
      tool_calls: [{ id: 't1', name: 'look', args: { at: 1 } }],
    }),
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'Hm.' },
        text('I look.'),
        { type: 'tool_call', id: 't1', name: 'look', arguments: { at: 1 } },
      ],
    },
  ],
  [
    'thoughts beside the content',
    new AIMessage({ content: 'Yes.', additional_kwargs: { reasoning_content: 'Hm.' } }),
    { role: 'assistant', parts: [{ type: 'reasoning', content: 'Hm.' }, text('Yes.')] },
  ],
  [
    'a call whose arguments are broken',
    new AIMessage({
      content: '',
      invalid_tool_calls: [{ id: 't1', name: 'look', args: '{"at":' }],
    }),
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 't1', name: 'look', arguments: '{"at":' }],
    },
  ],
  [
    'a result',
    new ToolMessage({ content: '42', tool_call_id: 't1', name: 'look' }),
    {
      role: 'tool',
      name: 'look',
      parts: [{ type: 'tool_call_response', id: 't1', response: '42' }],
    },
  ],
])('%s becomes a GenAI message', (_what, message, expected) => {
  expect(toGenAiMessage(message)).toEqual(expected);
});
