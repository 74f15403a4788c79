import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnthropicMessage } from './anthropic-message.js';
import type { AnthropicEvent } from './anthropic-stream.js';
import { startFakeProvider, type FakeProvider } from './index.js';
import { post, readEvents } from './testing/post.js';

const CALLS = [
  { id: 'toolu_1', name: 'get_weather', arguments: { city: 'Zürich' } },
  { id: 'toolu_2', name: 'get_time', arguments: { city: 'Zürich' } },
];
const SCRIPT = [
  { user: 'hello', replies: [{ text: 'Grüezi 👋', cachedTokens: 2, cacheWriteTokens: 1 }] },
  {
    user: 'weather?',
    replies: [
      { reasoning: 'I shall look.', text: 'One moment.', toolCalls: CALLS },
      { text: 'Sunny.' },
    ],
  },
  { user: 'again', replies: [{ text: 'Here.' }], failFirst: 529 },
];
const HELLO = { role: 'user', content: 'hello' };
const IMAGE = { type: 'image', source: { type: 'url', url: 'http://127.0.0.1/a.png' } };
const WEATHER = { role: 'user', content: [IMAGE, { type: 'text', text: 'weather?' }] };
const TURNS = [HELLO, { role: 'assistant', content: [{ type: 'text', text: 'Grüezi' }] }, WEATHER];

let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT, idPrefix: 'test' });
});
afterEach(() => provider.stop());

const ask = (messages: object[], more: object = {}) =>
  post(`${provider.url}/v1/messages?beta=true`, {
    model: 'claude-sonnet-4-5',
    max_tokens: 100,
    messages,
    ...more,
  });

test('answers with text, and counts cached input apart', async () => {
  const response = await ask([HELLO], { system: [{ type: 'text', text: 'Be kind.' }] });
  expect(await response.json()).toEqual({
    id: 'msg_test000001',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: 'Grüezi 👋' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: 7,
      cache_creation_input_tokens: 1,
      cache_read_input_tokens: 2,
      output_tokens: 6,
    },
  });
});

test('thinks, speaks and asks for tools, then goes on after all results', async () => {
  const asked = (await (await ask(TURNS)).json()) as AnthropicMessage;
  expect(asked.stop_reason).toBe('tool_use');
  expect(asked.content).toMatchObject([
    { type: 'thinking', thinking: 'I shall look.', signature: expect.any(String) },
    { type: 'text', text: 'One moment.' },
    { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Zürich' } },
    { type: 'tool_use', id: 'toolu_2', name: 'get_time', input: { city: 'Zürich' } },
  ]);
  const results = ['toolu_1', 'toolu_2'].map((tool_use_id) => ({
    type: 'tool_result',
    tool_use_id,
    content: [{ type: 'text', text: '1' }],
  }));
  const after = [
    ...TURNS,
    { role: 'assistant', content: asked.content },
    { role: 'user', content: results },
  ];
  expect(await (await ask(after)).json()).toMatchObject({ content: [{ text: 'Sunny.' }] });
});

test('streams the blocks of the plain answer, each opened, filled and closed', async () => {
  const response = await ask(TURNS, { stream: true });
  expect(response.headers.get('content-type')).toMatch('text/event-stream');
  const events = await readEvents<AnthropicEvent>(response);
  const ofBlock = (at: number) => events.filter((event) => 'index' in event && event.index === at);
  const deltas = (at: number) =>
    ofBlock(at).flatMap((event) => (event.type === 'content_block_delta' ? [event.delta] : []));
  expect(events[0]).toMatchObject({ type: 'message_start', message: { content: [] } });
  expect(events.slice(-2)).toMatchObject([
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 19 } },
    { type: 'message_stop' },
  ]);
  expect(deltas(0).at(-1)).toMatchObject({ type: 'signature_delta' });
  expect(ofBlock(2)[0]).toMatchObject({ content_block: { id: 'toolu_1', input: {} } });
  expect(deltas(2).map((delta) => 'partial_json' in delta && delta.partial_json)).toEqual([
    '{"city":"Zür',
    'ich"}',
  ]);
  expect(ofBlock(3).at(-1)?.type).toBe('content_block_stop');
});

test('fails in its own shape', async () => {
  const failed = await ask([{ role: 'user', content: 'again' }]);
  expect(failed.status).toBe(529);
  expect(await failed.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
});

test('counts tokens without a word of the script', async () => {
  const counted = await post(`${provider.url}/v1/messages/count_tokens`, { messages: [HELLO] });
  expect(await counted.json()).toEqual({ input_tokens: 5 });
  expect(provider.requests).toEqual([]);
});
