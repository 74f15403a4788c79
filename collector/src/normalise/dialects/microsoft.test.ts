import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const event = (name: string, content: object) => ({
  name,
  timeUnixNano: 1n as never,
  attributes: new Map([['gen_ai.event.content', JSON.stringify(content)]]),
  droppedAttributesCount: 0,
});

// From the reference, not recorded.
test('reads the events of Semantic Kernel for .NET, which have one attribute each', () => {
  const call = {
    id: 'c1',
    type: 'function',
    function: { name: 'weather', arguments: '{"city":"Bern"}' },
  };
  const genAi = meaningOf(
    {
      'gen_ai.operation.name': 'chat.completions',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.finish_reason': 'Stop',
    },
    {
      name: 'chat.completions gpt-4o-mini',
      events: [
        event('gen_ai.user.message', { role: 'user', content: 'Hi', name: null, tool_calls: [] }),
        event('gen_ai.assistant.message', { role: 'Assistant', content: null, tool_calls: [call] }),
        event('gen_ai.tool.message', { role: 'tool', content: 'sunny', id: 'c1' }),
        event('gen_ai.choice', {
          index: 0,
          message: { role: 'Assistant', content: 'Sunny.', name: null },
          tool_calls: [],
          finish_reason: 'Stop',
        }),
      ],
    },
  );
  expect(genAi).toMatchObject({ kind: 'llm', finishReasons: ['Stop'] });
  expect(genAi.inputMessages).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
  ]);
  expect(genAi.outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Sunny.' }] },
  ]);
});

// From the reference, not recorded.
test('reads the indented JSON of Microsoft.Extensions.AI, and its conversation id as a response id', () => {
  const said = [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }];
  const genAi = meaningOf({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.conversation.id': 'resp_1',
    'gen_ai.input.messages': JSON.stringify(said, undefined, 2),
  });
  expect(genAi).toMatchObject({ kind: 'llm', previousResponseId: 'resp_1', threadCandidates: [] });
  expect(genAi.inputMessages).toEqual(said);
});
