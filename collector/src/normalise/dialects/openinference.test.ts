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
