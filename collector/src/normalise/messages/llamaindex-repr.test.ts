import { expect, test } from 'vitest';
import { readMessages } from './message.js';

const user = `ChatMessage(role=<MessageRole.USER: 'user'>, additional_kwargs={}, blocks=[TextBlock(block_type='text', text="What's on it?"), DocumentBlock(block_type='document', data=b'JVBE', path=None, url=None, title='a.pdf', document_mimetype='application/pdf'), ImageBlock(block_type='image', image=b'AAAA', path=None, url=None, image_mimetype='image/png', detail=None)])`;
const assistant = `ChatMessage(role=<MessageRole.ASSISTANT: 'assistant'>, additional_kwargs={'tool_calls': [Call(id='c1')]}, blocks=[ToolCallBlock(block_type='tool_call', tool_call_id='c1', tool_name='clock', tool_kwargs='{"at":"sea"}')])`;
const tool = `ChatMessage(role=<MessageRole.TOOL: 'tool'>, additional_kwargs={'tool_call_id': 'c1'}, blocks=[TextBlock(block_type='text', text='noon')])`;

test("reads LlamaIndex's messages where they are reprs", () => {
  expect(readMessages({ messages: [user, assistant, tool] }, 'user')).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'text', content: "What's on it?" },
        { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'JVBE' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
      ],
    },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'clock', arguments: { at: 'sea' } }],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'noon' }] },
  ]);
});

test('leaves what only looks like one', () => {
  const text = `${tool} and more`;
  expect(readMessages({ messages: [text] }, 'user')).toEqual([
    { role: 'user', parts: [{ type: 'text', content: text }] },
  ]);
});
