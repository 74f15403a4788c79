import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

let provider: FakeProvider;
let client: OpenAI;
beforeEach(async () => {
  const script = [{ user: 'hello', replies: [{ text: 'Grüezi 👋, how are you?' }] }];
  provider = await startFakeProvider({ script, idPrefix: 'test' });
  client = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterEach(() => provider.stop());

const LEGACY = { model: 'gpt-3.5-turbo-instruct', prompt: 'hello' };

test('completes a prompt', async () => {
  const completion = await client.completions.create(LEGACY);
  expect(completion).toMatchObject({
    id: 'cmpl-test000001',
    choices: [{ text: 'Grüezi 👋, how are you?', finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 9, total_tokens: 14 },
  });
});

test('completes a prompt in pieces, then tells the usage', async () => {
  const stream = await client.completions.create({
    ...LEGACY,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.Completion[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const texts = chunks.map(({ choices }) => choices[0]?.text ?? '');
  expect(texts).toEqual(['Grüezi 👋, ho', 'w are you?', '', '']);
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(14);
});

const embed = async (input: string[] | number[], more: { encoding_format?: 'float' } = {}) => {
  const { data } = await client.embeddings.create({ model: 'any', input, ...more });
  return data.map(({ embedding }) => embedding);
};

test('embeds equal texts as equal vectors of length 1', async () => {
  const [a = [], b = [], again = []] = await embed(['a', 'b', 'a']);
  expect(a).toEqual(again);
  expect(a).not.toEqual(b);
  expect(Math.hypot(...a)).toBeCloseTo(1);
});

// The client asks for base64 unless told otherwise.
test('embeds the same in both encodings', async () => {
  const [[plain = []], [packed = []]] = [
    await embed(['a'], { encoding_format: 'float' }),
    await embed(['a']),
  ];
  expect(plain).toHaveLength(8);
  for (const [at, value] of plain.entries()) expect(packed[at]).toBeCloseTo(value);
});

test('embeds a list of tokens as one text', async () => {
  expect(await embed([1, 2, 3])).toHaveLength(1);
});

test('lists models, and knows any model that is asked for', async () => {
  expect((await client.models.list()).data.length).toBeGreaterThan(1);
  expect(await client.models.retrieve('mine')).toMatchObject({ id: 'mine', object: 'model' });
});
