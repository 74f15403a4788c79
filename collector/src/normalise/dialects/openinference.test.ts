import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const BEDROCK = '@arizeai/openinference-instrumentation-bedrock';
const numbered = {
  'openinference.span.kind': 'LLM',
  'llm.input_messages.0.message.role': 'assistant',
  'llm.input_messages.0.message.tool_calls.0.tool_call.function.name': 'weather',
  'llm.input_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"city":"Bern"}',
  'llm.input_messages.1.message.role': 'tool',
  'llm.input_messages.1.message.content': 'sunny',
};
const constructor = (name: string, kwargs: object) => ({
  lc: 1,
  type: 'constructor',
  id: ['langchain_core', 'messages', name],
  kwargs,
});
const call = constructor('AIMessage', {
  content: '',
  tool_calls: [{ name: 'weather', args: { city: 'Bern' }, type: 'tool_call', id: 'c1' }],
});
const result = constructor('ToolMessage', { content: 'sunny', tool_call_id: 'c1' });

const idsIn = (messages: readonly object[]) =>
  meaningOf({
    ...numbered,
    'input.value': JSON.stringify({ messages: [messages] }),
  }).inputMessages.flatMap(({ parts }) =>
    parts.map((part) => ('id' in part ? part.id : undefined)),
  );

test("LangChain's ids of calls stand in its own dump alone", () => {
  expect(idsIn([call, result])).toEqual(['c1', 'c1']);
});

test('a dump of other messages lends no ids', () => {
  expect(idsIn([call, result, result])).toEqual([undefined, undefined]);
});

const ofBedrock = (attributes: Readonly<Record<string, string | number>>) =>
  meaningOf(
    { 'openinference.span.kind': 'LLM', ...attributes },
    { scope: { name: BEDROCK, version: '', attributes: new Map(), schemaUrl: '' } },
  );

test('Bedrock in JavaScript counts tokens of a cache apart', () => {
  const invoked = ofBedrock({
    'llm.token_count.prompt': 96,
    'llm.token_count.completion': 14,
    'llm.token_count.prompt_details.cache_read': 64,
    'llm.token_count.prompt_details.cache_write': 8,
  });
  expect(invoked.inputTokens).toBe(168);
  const conversed = ofBedrock({
    'llm.token_count.prompt': 96,
    'llm.token_count.completion': 14,
    'llm.token_count.total': 174,
    'output.value': '{"usage":{"cacheReadInputTokens":64,"cacheWriteInputTokens":0}}',
  });
  expect(conversed).toMatchObject({
    inputTokens: 160,
    outputTokens: 14,
    cacheReadInputTokens: 64,
    cacheWriteInputTokens: 0,
  });
});

test('others count tokens of a cache as input', () => {
  const { inputTokens } = meaningOf({
    'llm.token_count.prompt': 160,
    'llm.token_count.completion': 14,
    'llm.token_count.total': 174,
    'llm.token_count.prompt_details.cache_read': 64,
  });
  expect(inputTokens).toBe(160);
});

test("the JavaScript Agents SDK's answers and results stand whole in the raw input alone", () => {
  const { inputMessages } = meaningOf({
    'openinference.span.kind': 'LLM',
    'llm.input_messages.1.message.role': 'user',
    'llm.input_messages.1.message.content': 'Weather?',
    'llm.input_messages.2.message.contents.0.message_content.type': 'text',
    'llm.input_messages.2.message.contents.0.message_content.text': 'Look it up.',
    'llm.input_messages.3.message.role': 'assistant',
    'llm.input_messages.3.message.tool_calls.0.tool_call.id': 'c1',
    'llm.input_messages.3.message.tool_calls.0.tool_call.function.name': 'weather',
    'llm.input_messages.4.message.role': 'tool',
    'llm.input_messages.4.message.tool_call_id': 'c1',
    'llm.input_messages.4.message.content': 'sunny',
    'llm.input_messages.5.message.role': 'assistant',
    'input.value': JSON.stringify([
      { type: 'message', role: 'user', content: 'Weather?' },
      { type: 'reasoning', content: [{ type: 'input_text', text: 'Look it up.' }] },
      { type: 'function_call', id: 'fc_1', callId: 'c1', name: 'weather' },
      { type: 'function_call_result', callId: 'c1', output: { type: 'text', text: 'sunny' } },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.' }] },
    ]),
  });
  expect(inputMessages).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'Look it up.' },
        { type: 'tool_call', id: 'c1', name: 'weather' },
      ],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
    { role: 'assistant', parts: [{ type: 'text', content: 'Sunny.' }] },
  ]);
});

test.each([
  ['text/plain', '"quoted"'],
  ['application/json', 'quoted'],
])('takes what a tool gave by its type: %s', (type, response) => {
  const genAi = meaningOf({
    'openinference.span.kind': 'TOOL',
    'tool.name': 'quote',
    'output.mime_type': type,
    'output.value': '"quoted"',
  });
  expect(genAi.outputMessages).toEqual([
    { role: 'tool', parts: [{ type: 'tool_call_response', name: 'quote', response }] },
  ]);
});
