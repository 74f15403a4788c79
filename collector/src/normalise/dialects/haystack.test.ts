import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

// From the reference, not recorded.
test('reads the input and output of a generator, as content tracing writes them', () => {
  const call = { tool_name: 'weather', arguments: { city: 'Bern' }, id: 'c1' };
  const genAi = meaningOf({
    'haystack.component.name': 'llm',
    'haystack.component.type': 'OpenAIChatGenerator',
    'haystack.component.input': JSON.stringify({
      messages: [
        { role: 'user', meta: {}, name: null, content: [{ text: 'Hi' }] },
        { role: 'assistant', meta: {}, name: null, content: [{ tool_call: call }] },
        {
          role: 'tool',
          meta: {},
          name: null,
          content: [{ tool_call_result: { result: 'sunny', origin: call, error: false } }],
        },
      ],
    }),
    'haystack.component.output': JSON.stringify({
      replies: [{ role: 'assistant', meta: {}, name: null, content: [{ text: 'Sunny.' }] }],
    }),
  });
  expect(genAi).toMatchObject({
    kind: 'llm',
    inputMessages: [
      { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
    ],
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Sunny.' }] }],
  });
});

const CALL = `ToolCall(tool_name='weather', arguments={'city': 'Bern'}, id='c1', extra=None)`;
const MESSAGES = [
  `ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text="What's up?\\nHi")], _name=None, _meta={})`,
  `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[${CALL}], _name=None, _meta={})`,
  `ChatMessage(_role=<ChatRole.TOOL: 'tool'>, _content=[ToolCallResult(result='sunny', origin=${CALL}, error=False)], _name=None, _meta={})`,
] as const;
const READ = [
  { role: 'user', parts: [{ type: 'text', content: "What's up?\nHi" }] },
  {
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
  },
  { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
];

test('reads the request of a generator that has tools, which is the repr of a dictionary', () => {
  const tool = `Tool(name='weather', parameters={}, function=<function App.<locals>.call at 0x7f>)`;
  const genAi = meaningOf({
    'haystack.component.type': 'OpenAIChatGenerator',
    'haystack.component.input': `{'messages': [${MESSAGES.join(', ')}], 'tools': [${tool}]}`,
  });
  expect(genAi.inputMessages).toEqual(READ);
});

test('completes numbered messages by the repr of each, which has calls and results', () => {
  const genAi = meaningOf({
    'openinference.span.kind': 'LLM',
    'input.value': JSON.stringify({ messages: MESSAGES }),
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': "What's up?\nHi",
    'llm.input_messages.1.message.role': 'assistant',
    'llm.input_messages.2.message.role': 'tool',
  });
  expect(genAi.inputMessages).toEqual(READ);
});
