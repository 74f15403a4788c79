import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const text = (content: string) => [{ type: 'text', content }];

test('reads the request and the response of a model call', () => {
  const genAi = meaningOf(
    {
      'gcp.vertex.agent.session_id': 's-1',
      'gcp.vertex.agent.llm_request': JSON.stringify({
        model: 'gemini-2.5-flash',
        config: { system_instruction: 'Be kind.', tools: [] },
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }] },
          { role: 'model', parts: [{ function_call: { name: 'weather', args: {} } }] },
          {
            role: 'user',
            parts: [{ function_response: { name: 'weather', response: { c: 21 } } }],
          },
        ],
      }),
      'gcp.vertex.agent.llm_response': JSON.stringify({
        content: { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'Warm.' }] },
      }),
    },
    { name: 'call_llm' },
  );
  expect(genAi.kind).toBe('llm');
  expect(genAi.threadCandidates).toMatchObject([{ threadId: 's-1' }]);
  expect(genAi.inputMessages).toEqual([
    { role: 'system', parts: text('Be kind.') },
    { role: 'user', parts: text('Hi') },
    { role: 'assistant', parts: [{ type: 'tool_call', name: 'weather', arguments: {} }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', name: 'weather', response: { c: 21 } }] },
  ]);
  expect(genAi.outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, ...text('Warm.')] },
  ]);
});

test('hears nothing where content was left out', () => {
  const none = { 'gcp.vertex.agent.llm_request': '{}', 'gcp.vertex.agent.llm_response': '{}' };
  const { inputMessages, outputMessages } = meaningOf(none, { name: 'execute_tool weather' });
  expect([...inputMessages, ...outputMessages]).toEqual([]);
});
