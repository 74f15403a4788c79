import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

const SCRIPT = [
  { user: 'hello', replies: [{ text: 'Grüezi 👋\nHow can I help?', cachedTokens: 2 }] },
  {
    user: 'weather?',
    replies: [
      { toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich' } }] },
      { text: 'Sunny.' },
    ],
  },
  { user: 'again', replies: [{ text: 'Here I am.' }], failFirst: 500 },
];
const HELLO = { role: 'user', content: 'hello' } as const;
const WEATHER = { role: 'user', content: 'weather?' } as const;
const REQUEST = { model: 'gpt-4o-mini' };

let provider: FakeProvider;
let client: OpenAI;

beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT, idPrefix: 'test' });
  client = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterEach(() => provider.stop());

test('answers a question with text and usage', async () => {
  const reply = await client.chat.completions.create({ ...REQUEST, messages: [HELLO] });
  expect(reply.id).toBe('chatcmpl-test000001');
  expect(reply.choices[0]?.message.content).toBe('Grüezi 👋\nHow can I help?');
  expect(reply.usage).toMatchObject({
    prompt_tokens: 5,
    prompt_tokens_details: { cached_tokens: 2 },
  });
});

test('streams the same text, then the usage when it is asked for', async () => {
  const stream = await client.chat.completions.create({
    ...REQUEST,
    messages: [HELLO],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  expect(text).toBe('Grüezi 👋\nHow can I help?');
  expect(chunks.length).toBeGreaterThan(4);
  expect(chunks.at(-1)?.usage?.prompt_tokens).toBe(5);
});

test('asks for a tool, streamed or not, and goes on after its result', async () => {
  const messages = [HELLO, { role: 'assistant', content: 'Grüezi' } as const, WEATHER];
  const stream = client.chat.completions.stream({ ...REQUEST, messages });
  const [streamed] = (await stream.finalMessage()).tool_calls ?? [];
  const plain = await client.chat.completions.create({ ...REQUEST, messages });
  const message = plain.choices[0]?.message;
  expect(message?.tool_calls).toEqual([
    {
      id: 'call_1',
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Zürich"}' },
    },
  ]);
  expect(streamed).toMatchObject({ id: 'call_1', function: { arguments: '{"city":"Zürich"}' } });
  const result = { role: 'tool', tool_call_id: 'call_1', content: '{}' } as const;
  const last = await client.chat.completions.create({
    ...REQUEST,
    messages: [...messages, { ...message, role: 'assistant' }, result],
  });
  expect(last.choices[0]?.message.content).toBe('Sunny.');
});

const ask = () =>
  client.chat.completions.create({ ...REQUEST, messages: [{ role: 'user', content: 'again' }] });

test('fails the first attempt of a turn, then succeeds, then fails anew', async () => {
  await expect(ask()).rejects.toMatchObject({ status: 500 });
  expect((await ask()).choices[0]?.message.content).toBe('Here I am.');
  await expect(ask()).rejects.toMatchObject({ status: 500 });
  expect(provider.requests.map(({ status }) => status)).toEqual([500, 200, 500]);
});

test('answers 404 on a path no shape knows', async () => {
  await expect(client.files.list()).rejects.toMatchObject({ status: 404 });
});
