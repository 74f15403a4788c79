import { configure } from '@colloquy/threads';
import { beforeAll, expect, test } from 'vitest';
import { collectMessage } from './message-collector.js';

beforeAll(() => configure({ captureContent: true }));

/** What the events of a stream come to. */
function read(...events: readonly object[]): Record<string, unknown> {
  const collector = collectMessage();
  for (const event of events) collector.add(event);
  const { attributes, content } = collector.response();
  return { ...attributes, messages: JSON.parse(String(content()['gen_ai.output.messages'])) };
}

const START = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 5, output_tokens: 1 } },
};
const block = (index: number, content_block: object, ...deltas: readonly object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
const END = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { input_tokens: null, cache_read_input_tokens: 3, output_tokens: 7 },
};

test('counts that an event leaves out stay as they were', () => {
  expect(read(START, ...block(0, { type: 'text', text: '' }), END)).toMatchObject({
    'gen_ai.usage.input_tokens': 8,
    'gen_ai.usage.cache_read.input_tokens': 3,
    'gen_ai.usage.output_tokens': 7,
  });
});

test("Anthropic's own tools are told with what they were asked and gave", () => {
  const call = { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} };
  const json = { type: 'input_json_delta', partial_json: '{"query":"x"}' };
  const result = { type: 'web_search_tool_result', tool_use_id: 's1', content: [{ url: 'u' }] };
  expect(read(START, ...block(0, call, json), ...block(1, result), END)).toMatchObject({
    messages: [
      {
        parts: [
          {
            type: 'server_tool_call',
            id: 's1',
            server_tool_call: { type: 'web_search', input: { query: 'x' } },
          },
          {
            type: 'server_tool_call_response',
            id: 's1',
            server_tool_call_response: { type: 'web_search', content: [{ url: 'u' }] },
          },
        ],
      },
    ],
  });
});

test('signatures, citations and pieces yet unknown add nothing', () => {
  const deltas = [
    { type: 'text_delta', text: 'Hi' },
    { type: 'citations_delta', citation: {} },
    { type: 'signature_delta', signature: 'x' },
    { type: 'news_delta', text: 'no' },
  ];
  expect(read(START, ...block(0, { type: 'text', text: '' }, ...deltas))['messages']).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Hi' }], finish_reason: 'error' },
  ]);
});

test('a stream that breaks off within the input of a tool is told with what there is', () => {
  const call = { type: 'tool_use', id: 'c1', name: 'f', input: {} };
  const [start, delta] = block(0, call, { type: 'input_json_delta', partial_json: '{"a":' });
  expect(read(START, start as object, delta as object)['messages']).toMatchObject([
    { parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: '{"a":' }] },
  ]);
});
