import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const text = (content: string) => [{ type: 'text', content }];

test('reads the events that the first format has in one attribute', () => {
  const genAi = meaningOf({
    'gen_ai.operation.name': 'chat',
    model_request_parameters: '{}',
    events: JSON.stringify([
      { 'event.name': 'gen_ai.system.message', role: 'system', content: 'Be kind.' },
      { 'event.name': 'gen_ai.user.message', 'gen_ai.message.index': 0, content: 'Hi' },
      {
        'event.name': 'gen_ai.choice',
        index: 0,
        message: { role: 'assistant', content: 'Hello!' },
      },
    ]),
  });
  expect(genAi.inputMessages).toEqual([
    { role: 'system', parts: text('Be kind.') },
    { role: 'user', parts: text('Hi') },
  ]);
  expect(genAi.outputMessages).toEqual([{ role: 'assistant', parts: text('Hello!') }]);
});

test('shows a list of events that was cut as it is, behind what log records tell', () => {
  const cut = '[{"event.name": "gen_ai.user.message", "content": "Hi, I a';
  expect(meaningOf({ model_request_parameters: '{}', events: cut })).toMatchObject({
    inputMessages: [{ role: 'user', parts: [{ type: 'raw', content: cut }] }],
    inputSource: 'raw',
    outputMessages: [],
  });
});

test('reads a run from what it says at its end, and whom its metadata names', () => {
  const genAi = meaningOf({
    'gen_ai.operation.name': 'invoke_agent',
    agent_name: 'colette',
    'pydantic_ai.all_messages': JSON.stringify([{ role: 'user', parts: text('Hi') }]),
    final_result: 'Hello!',
    metadata: '{"user_id":"anna"}',
  });
  expect(genAi).toMatchObject({
    kind: 'agent',
    agentName: 'colette',
    userId: 'anna',
    inputMessages: [{ role: 'user', parts: text('Hi') }],
    outputMessages: [{ role: 'assistant', parts: text('Hello!') }],
  });
});

// From the reference, not recorded: before 1.0 spans had no operation name.
test.each([
  ['agent run', 'agent'],
  ['running tool', 'tool'],
  ['running tool: get_weather', 'tool'],
  ['running 2 tools', 'chain'],
])('takes a span called %s for an %s', (name, kind) => {
  expect(meaningOf({ 'pydantic_ai.x': '' }, { name }).kind).toBe(kind);
});
