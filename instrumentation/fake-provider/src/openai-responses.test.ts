import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

const SCRIPT = [
  { user: 'hello', replies: [{ reasoning: 'A greeting.', text: 'Grüezi 👋' }] },
  {
    user: 'weather?',
    replies: [
      { toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich' } }] },
      { text: 'Sunny.' },
    ],
  },
];
const REQUEST = { model: 'gpt-5-mini' };
const WEATHER = { role: 'user', content: 'weather?' } as const;
const RESULT = { type: 'function_call_output', call_id: 'call_1', output: '{}' } as const;

let provider: FakeProvider;
let client: OpenAI;

beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT, idPrefix: 'test' });
  client = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterEach(() => provider.stop());

test('answers with reasoning and text', async () => {
  const reply = await client.responses.create({ ...REQUEST, input: 'hello' });
  expect(reply.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
  expect(reply.output_text).toBe('Grüezi 👋');
  expect(reply.usage?.total_tokens).toBeGreaterThan(0);
});

test('streams to the same response', async () => {
  const plain = await client.responses.create({ ...REQUEST, input: 'hello' });
  const streamed = await client.responses.stream({ ...REQUEST, input: 'hello' }).finalResponse();
  expect(streamed.output.map(({ type }) => type)).toEqual(plain.output.map(({ type }) => type));
  expect(streamed.usage).toEqual(plain.usage);
  expect(streamed.output[1]).toMatchObject({ content: [{ text: 'Grüezi 👋' }] });
});

test('goes on from a previous response', async () => {
  const first = await client.responses.create({ ...REQUEST, input: 'hello' });
  const previous_response_id = first.id;
  const second = await client.responses.create({
    ...REQUEST,
    previous_response_id,
    input: [WEATHER],
  });
  expect(second.output[0]).toMatchObject({ call_id: 'call_1', arguments: '{"city":"Zürich"}' });
  const third = await client.responses.create({
    ...REQUEST,
    previous_response_id: second.id,
    input: [RESULT],
  });
  expect(third.output_text).toBe('Sunny.');
});

test('streams the arguments of a tool call', async () => {
  const stream = client.responses.stream({
    ...REQUEST,
    input: [{ role: 'user', content: 'hello' }, WEATHER],
  });
  const deltas: string[] = [];
  stream.on('response.function_call_arguments.delta', ({ delta }) => void deltas.push(delta));
  expect((await stream.finalResponse()).output[0]).toMatchObject({ name: 'get_weather' });
  expect(deltas.join('')).toBe('{"city":"Zürich"}');
  expect(deltas.length).toBeGreaterThan(1);
});
