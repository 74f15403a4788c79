import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GeminiChunk } from './gemini.js';
import { startFakeProvider, type FakeProvider } from './index.js';
import { post, readEvents } from './testing/post.js';

const CALLS = [
  { id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich' } },
  { id: 'call_2', name: 'get_time', arguments: { city: 'Zürich' } },
];
const SCRIPT = [
  { user: 'hello', replies: [{ text: 'Grüezi 👋, how are you?', cachedTokens: 2 }] },
  {
    user: 'weather?',
    replies: [{ reasoning: 'I look.', text: 'One moment.', toolCalls: CALLS }, { text: 'Sunny.' }],
  },
  { user: 'again', replies: [{ text: 'Here.' }], failFirst: 429 },
];
const HELLO = { role: 'user', parts: [{ text: 'hello' }] };
const IMAGE = { inlineData: { mimeType: 'image/png', data: '' } };
const WEATHER = { role: 'user', parts: [IMAGE, { text: 'weather?' }] };
const TURNS = [HELLO, { role: 'model', parts: [{ text: 'Grüezi' }] }, WEATHER];
const PLAIN = '/v1beta/models/gemini-2.5-flash:generateContent';

let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT, idPrefix: 'test' });
});
afterEach(() => provider.stop());

const ask = (path: string, contents: object[], more: object = {}) =>
  post(`${provider.url}${path}`, { contents, ...more });
const answer = async (path: string, contents: object[]) =>
  (await (await ask(path, contents)).json()) as GeminiChunk;

test.each([
  PLAIN,
  '/v1/models/gemini-2.5-flash:generateContent',
  '/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent',
  '/v1beta1/publishers/google/models/gemini-2.5-flash%3AgenerateContent',
])('answers at %s', async (path) => {
  const systemInstruction = { parts: [{ text: 'Be kind.' }] };
  expect(await (await ask(path, [HELLO], { systemInstruction })).json()).toEqual({
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Grüezi 👋, how are you?' }] },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 10,
      candidatesTokenCount: 9,
      totalTokenCount: 19,
      cachedContentTokenCount: 2,
    },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'test000001',
  });
});

test('thinks, speaks and calls functions, then goes on after all results', async () => {
  const asked = await answer(PLAIN, TURNS);
  const { content } = asked.candidates[0];
  expect(content.parts).toEqual([
    { text: 'I look.', thought: true },
    { text: 'One moment.' },
    { functionCall: { name: 'get_weather', args: { city: 'Zürich' } } },
    { functionCall: { name: 'get_time', args: { city: 'Zürich' } } },
  ]);
  expect(asked.usageMetadata).toMatchObject({ thoughtsTokenCount: 5 });
  const parts = CALLS.map(({ name }) => ({ functionResponse: { name, response: { ok: true } } }));
  const last = await answer(PLAIN, [...TURNS, content, { role: 'user', parts }]);
  expect(last.candidates[0].content.parts).toEqual([{ text: 'Sunny.' }]);
});

test('gives calls ids and a signature from Gemini 3 on', async () => {
  const { candidates } = await answer('/v1beta/models/gemini-3-pro:generateContent', TURNS);
  expect(candidates[0].content.parts.slice(2)).toMatchObject([
    { functionCall: { id: 'call_1' }, thoughtSignature: expect.any(String) },
    { functionCall: { id: 'call_2' } },
  ]);
});

describe('streamGenerateContent', () => {
  const stream = async (contents: object[]) =>
    readEvents<GeminiChunk>(
      await ask('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', contents),
    );

  test('streams text in pieces, and why it ends in the last chunk alone', async () => {
    const chunks = await stream([HELLO]);
    const parts = chunks.flatMap(({ candidates }) => candidates[0].content.parts);
    expect(parts.map(({ text }) => text)).toEqual(['Grüezi 👋, ho', 'w are you?']);
    expect(chunks.map(({ candidates }) => candidates[0].finishReason)).toEqual([undefined, 'STOP']);
  });

  test('streams each function call whole', async () => {
    const chunks = await stream(TURNS);
    const parts = chunks.flatMap(({ candidates }) => candidates[0].content.parts);
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    expect(calls.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
  });
});

test('fails in its own shape', async () => {
  const failed = await ask(PLAIN, [{ role: 'user', parts: [{ text: 'again' }] }]);
  expect(failed.status).toBe(429);
  expect(await failed.json()).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } });
});

test('reads snake case as well', async () => {
  const parts = CALLS.map(({ name }) => ({ function_response: { name, response: {} } }));
  const last = await answer(PLAIN, [...TURNS, { role: 'user', parts }]);
  expect(last.candidates[0].content.parts).toEqual([{ text: 'Sunny.' }]);
});

test('counts tokens without a word of the script', async () => {
  const counted = await ask('/v1beta/models/gemini-2.5-flash:countTokens', [HELLO]);
  expect(await counted.json()).toEqual({ totalTokens: 5 });
  expect(provider.requests).toEqual([]);
});

test('embeds', async () => {
  const requests = ['a', 'b', 'a'].map((text) => ({
    content: { parts: [{ text }] },
    outputDimensionality: 3,
  }));
  const response = await post(
    `${provider.url}/v1beta/models/gemini-embedding-001:batchEmbedContents`,
    { requests },
  );
  const { embeddings } = (await response.json()) as { embeddings: { values: number[] }[] };
  expect(embeddings.map(({ values }) => values.length)).toEqual([3, 3, 3]);
  expect(embeddings[0]).toEqual(embeddings[2]);
  expect(embeddings[0]).not.toEqual(embeddings[1]);
});
