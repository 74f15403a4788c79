import { createServer } from 'node:http';
import { listen, startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure, openThread } from '@colloquy/threads';
import {
  ApiError,
  GoogleGenAI,
  type CallableTool,
  type GenerateContentResponse,
} from '@google/genai';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import * as genai1 from 'google-genai-1';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wrapGoogleGenAI, type TiedGoogleGenAI } from './index.js';

const exporter = new InMemorySpanExporter();
let provider: FakeProvider;

beforeAll(async () => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const call = { id: 'c1', name: 'weather', arguments: { city: 'Rome' } };
  provider = await startFakeProvider({
    script: [
      { user: 'Hello?', replies: [{ text: 'Hello, how are you today?', cachedTokens: 2 }] },
      {
        user: 'Weather?',
        replies: [
          { reasoning: 'I shall look.', text: 'One moment.', toolCalls: [call] },
          { text: 'Sunny.' },
        ],
      },
    ],
  });
});
afterAll(() => provider.stop());
beforeEach(() => {
  exporter.reset();
  configure({ captureContent: true });
});
afterEach(() => {
  expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
});

const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
const only = (): ReadableSpan => {
  expect(spans()).toHaveLength(1);
  return spans()[0] as ReadableSpan;
};
const json = (key: string): unknown => JSON.parse(String(only().attributes[key]));

const model = 'gemini-3-pro';
const hello = { model, contents: 'Hello?' };
const weather = {
  model,
  contents: 'Weather?',
  config: {
    systemInstruction: 'Be short.',
    tools: [
      { functionDeclarations: [{ name: 'weather', description: 'Tells it.' }] },
      { googleSearch: {} },
    ],
  },
};
const CALL = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } };
const ANSWER = {
  role: 'assistant',
  parts: [{ type: 'text', content: 'Hello, how are you today?' }],
  finish_reason: 'stop',
};

/** All that is said in a stream. */
async function readText(stream: AsyncIterable<GenerateContentResponse>): Promise<string> {
  let text = '';
  for await (const { candidates } of stream)
    for (const part of candidates?.[0]?.content?.parts ?? []) text += part.text ?? '';
  return text;
}

const MAJORS: readonly (readonly [string, typeof GoogleGenAI])[] = [
  ['1', genai1.GoogleGenAI as unknown as typeof GoogleGenAI],
  ['2', GoogleGenAI],
];

describe.each(MAJORS)('version %s', (_major, Client) => {
  let client: TiedGoogleGenAI & GoogleGenAI;
  const create = (options: object = {}): TiedGoogleGenAI & GoogleGenAI =>
    wrapGoogleGenAI(
      new Client({ apiKey: 'k', httpOptions: { baseUrl: provider.url }, ...options }),
    );
  beforeAll(() => {
    client = create();
  });

  test('tells content whole', async () => {
    const answer = await client.models.generateContent({
      ...hello,
      config: { temperature: 0.5, maxOutputTokens: 9, responseMimeType: 'text/plain' },
    });
    expect(answer.text).toBe('Hello, how are you today?');
    expect(only().name).toBe(`generate_content ${model}`);
    expect(only().attributes).toMatchObject({
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 9,
      'gen_ai.output.type': 'text',
      'gen_ai.response.id': answer.responseId,
      'gen_ai.response.model': model,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': answer.usageMetadata?.promptTokenCount,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'server.address': '127.0.0.1',
    });
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toEqual([ANSWER]);
  });

  test('tells a stream whole, and when its first piece came', async () => {
    const stream = await client.models.generateContentStream(hello);
    await expect(readText(stream)).resolves.toBe('Hello, how are you today?');
    expect(only().attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
    });
    expect(json('gen_ai.output.messages')).toEqual([ANSWER]);
  });

  test.each(['generateContent', 'generateContentStream'] as const)(
    'tells thoughts and calls of functions: %s',
    async (method) => {
      const answer = await client.models[method](weather);
      if (Symbol.asyncIterator in answer) await readText(answer);
      expect(json('gen_ai.output.messages')).toEqual([
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'I shall look.' },
            { type: 'text', content: 'One moment.' },
            CALL,
          ],
          finish_reason: 'stop',
        },
      ]);
      expect(json('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be short.' }]);
      expect(json('gen_ai.tool.definitions')).toEqual([
        { type: 'function', name: 'weather', description: 'Tells it.' },
        { type: 'googleSearch', name: 'googleSearch' },
      ]);
      const { attributes } = only();
      const thoughts = Number(attributes['gen_ai.usage.reasoning.output_tokens']);
      expect(attributes['gen_ai.usage.output_tokens']).toBeGreaterThan(thoughts);
    },
  );

  test('keeps content to itself unless it is captured', async () => {
    configure({ captureContent: false });
    await client.models.generateContent(weather);
    expect(JSON.stringify(only().attributes)).not.toMatch(/Weather|short|moment|Tells/);
  });

  test('tells each call of a model where functions are run on the way', async () => {
    const tool: CallableTool = {
      tool: async () => ({ functionDeclarations: [{ name: 'weather' }] }),
      callTool: async () => [
        { functionResponse: { id: 'c1', name: 'weather', response: { degrees: 21 } } },
      ],
    };
    const asked = { model, contents: 'Weather?', config: { tools: [tool] } };
    const answer = await client.models.generateContent(asked).setParent('m1');
    expect(answer.text).toBe('Sunny.');
    const [first, second] = spans();
    expect(spans()).toHaveLength(2);
    expect(String(first?.attributes['gen_ai.output.messages'])).toContain('"tool_call"');
    expect(JSON.parse(String(second?.attributes['gen_ai.input.messages']))).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      {
        parts: [
          { type: 'tool_call_response', id: 'c1', name: 'weather', response: { degrees: 21 } },
        ],
      },
    ]);
    for (const { attributes } of spans())
      expect(attributes['colloquy.parent.message_id']).toBe('m1');
  });

  test('tells a stream that is broken off as far as it came', async () => {
    for await (const piece of await client.models.generateContentStream(hello))
      if (piece.text !== undefined) break;
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(String(only().attributes['gen_ai.output.messages'])).toContain('"content":"Hello');
  });

  test('tells a chat once, with what was said before', async () => {
    const chat = client.chats.create({ model, history: [] });
    await chat.sendMessage({ message: 'Hello?' });
    expect(spans()).toHaveLength(1);
    exporter.reset();
    const text = await readText(await chat.sendMessageStream({ message: 'Weather?' }));
    expect(text).toContain('One moment.');
    expect(json('gen_ai.input.messages')).toMatchObject([
      { role: 'user', parts: [{ content: 'Hello?' }] },
      { role: 'assistant', parts: [{ content: 'Hello, how are you today?' }] },
      { role: 'user', parts: [{ content: 'Weather?' }] },
    ]);
  });

  test('ties calls, chats and embeddings to the message that set them off', async () => {
    const thread = openThread();
    const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
    exporter.reset();
    await client.models.generateContent(hello).setParent(id);
    await readText(await client.models.generateContentStream(hello).setParent(id));
    const chat = client.chats.create({ model });
    await chat.sendMessage({ message: 'Hello?' }).setParent(id);
    await readText(await chat.sendMessageStream({ message: 'Weather?' }).setParent(id));
    await client.models.embedContent({ model: 'e', contents: 'x' }).setParent(id);
    expect(spans()).toHaveLength(5);
    for (const { attributes } of spans())
      expect(attributes).toMatchObject({
        'colloquy.parent.message_id': id,
        'colloquy.thread.id': thread.id,
      });
  });

  test('tells embeddings without their texts', async () => {
    const { embeddings } = await client.models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['secret'],
      config: { outputDimensionality: 3 },
    });
    expect(embeddings?.[0]?.values).toHaveLength(3);
    expect(only().name).toBe('embeddings gemini-embedding-001');
    expect(only().attributes).toMatchObject({ 'gen_ai.embeddings.dimension.count': 3 });
    expect(JSON.stringify(only().attributes)).not.toContain('secret');
  });

  test('does not tell that tokens were counted', async () => {
    await client.models.countTokens(hello);
    expect(spans()).toEqual([]);
  });

  test('gives the error of the SDK', async () => {
    const gone = create({ httpOptions: { baseUrl: `${provider.url}/nowhere` } });
    await expect(gone.models.generateContent(hello)).rejects.toMatchObject({
      name: ApiError.name,
      status: 404,
    });
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('counts an aborted call as cancelled', async () => {
    const controller = new AbortController();
    const silent = createServer(() => controller.abort());
    const httpOptions = { baseUrl: await listen(silent) };
    const config = { abortSignal: controller.signal };
    const asked = create({ httpOptions }).models.generateContent({ ...hello, config });
    await expect(asked).rejects.toThrow('abort');
    silent.close();
    silent.closeAllConnections();
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
  });

  test('knows Vertex AI', async () => {
    await create({ vertexai: true }).models.generateContent(hello);
    expect(only().attributes['gen_ai.provider.name']).toBe('gcp.vertex_ai');
  });

  test('is told once however often it is wrapped', async () => {
    const again = wrapGoogleGenAI(client);
    await again.models.generateContent(hello);
    await again.chats.create({ model }).sendMessage({ message: 'Hello?' });
    expect(again).toBe(client);
    expect(spans()).toHaveLength(2);
  });
});
