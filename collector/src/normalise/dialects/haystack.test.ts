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
