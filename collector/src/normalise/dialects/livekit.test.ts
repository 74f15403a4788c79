import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const CONTEXT = JSON.stringify({
  items: [
    { id: 'i1', type: 'message', role: 'system', content: ['Be brief.'], interrupted: false },
    { id: 'i2', type: 'message', role: 'user', content: ['Hi'], interrupted: false },
    { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Bern"}' },
    { type: 'function_call_output', call_id: 'c1', name: 'weather', output: 'sunny' },
  ],
});

// From the reference, not recorded: before and after August 2026.
test.each(['lk.chat_ctx', 'lk.pii.chat_ctx'])('reads the context of a model in %s', (key) => {
  const genAi = meaningOf({ [key]: CONTEXT, 'lk.job_id': 'AJ_1' }, { name: 'llm_node' });
  expect(genAi.kind).toBe('chain');
  expect(genAi.inputMessages).toEqual([
    { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
    { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
  ]);
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['AJ_1']);
});

test('reads the request of a model from GenAI events', () => {
  const event = (name: string, content: string) => ({
    name,
    timeUnixNano: 1n as never,
    attributes: new Map([['content', content]]),
    droppedAttributesCount: 0,
  });
  const genAi = meaningOf(
    { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' },
    {
      name: 'llm_request',
      events: [event('gen_ai.user.message', 'Hi'), event('gen_ai.choice', 'Hello!')],
    },
  );
  expect(genAi.kind).toBe('llm');
  expect(genAi.inputMessages).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]);
  expect(genAi.outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] },
  ]);
});

test('reads a tool and its result', () => {
  const genAi = meaningOf(
    {
      'lk.function_tool.id': 'c1',
      'lk.function_tool.name': 'weather',
      'lk.pii.function_tool.output': 'sunny',
    },
    { name: 'function_tool' },
  );
  expect(genAi).toMatchObject({ kind: 'tool', toolName: 'weather', toolCallId: 'c1' });
});
