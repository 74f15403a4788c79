import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

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
