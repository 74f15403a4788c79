import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure, openThread } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import Anthropic from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-0';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wrapAnthropic } from './index.js';

const exporter = new InMemorySpanExporter();
let provider: FakeProvider;

beforeAll(async () => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  provider = await startFakeProvider({
    script: [
      { user: 'Hello?', replies: [{ text: 'Hello!', cachedTokens: 2, cacheWriteTokens: 1 }] },
      {
        user: 'Weather?',
        replies: [
          {
            reasoning: 'I look.',
            text: 'One moment.',
            toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Rome' } }],
          },
          { text: 'Sunny.' },
        ],
      },
    ],
  });
});
afterAll(() => provider.stop());
afterEach(() => {
  expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
});
beforeEach(() => {
  exporter.reset();
  configure({ captureContent: true });
});

/** Newer versions of the SDK tell of themselves too, with a tracer of their own. */
const ours = (): readonly ReadableSpan[] =>
  exporter
    .getFinishedSpans()
    .filter(({ instrumentationScope: { name } }) => name === '@colloquy/instrumentation-anthropic');
const only = (): ReadableSpan => {
  expect(ours()).toHaveLength(1);
  return ours()[0] as ReadableSpan;
};
const json = (key: string): unknown => JSON.parse(String(only().attributes[key]));

/** Reads a stream to its end. */
async function readOut(answer: object): Promise<void> {
  const events: unknown[] = [];
  if (Symbol.asyncIterator in answer)
    for await (const event of answer as AsyncIterable<unknown>) events.push(event);
}

const model = 'claude-opus-4-8';
const hello = {
  model,
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello?' }],
};
const weather = {
  model,
  max_tokens: 100,
  system: [{ type: 'text' as const, text: 'Be short.' }],
  messages: [{ role: 'user' as const, content: 'Weather?' }],
  tools: [
    { name: 'weather', description: 'Tells it.', input_schema: { type: 'object' as const } },
    { type: 'web_search_20250305' as const, name: 'web_search' as const },
  ],
};
const CALL = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } };

type Client = Anthropic;
const MAJORS: readonly (readonly [string, (baseURL: string) => Client])[] = [
  ['1', (baseURL) => new Anthropic({ baseURL, apiKey: 'k', maxRetries: 0 })],
  ['0', (baseURL) => new Anthropic0({ baseURL, apiKey: 'k', maxRetries: 0 }) as unknown as Client],
];

describe.each(MAJORS)('version %s', (major, create) => {
  let client: Client;
  beforeAll(() => {
    client = wrapAnthropic(create(provider.url));
  });

  test('tells a message whole', async () => {
    const answer = await client.messages.create({
      ...hello,
      system: 'Be kind.',
      top_k: 3,
    } as never);
    expect(answer).toMatchObject({ content: [{ text: 'Hello!' }] });
    expect(only().name).toBe(`chat ${model}`);
    expect(only().attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': model,
      'gen_ai.request.max_tokens': 100,
      'gen_ai.request.top_k': 3,
      'gen_ai.response.id': (answer as { id: string }).id,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'server.address': '127.0.0.1',
    });
    expect(json('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be kind.' }]);
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: 'Hello!' }],
        finish_reason: 'end_turn',
      },
    ]);
  });

  test.each([false, true])('counts what the cache holds as input; streamed: %s', async (stream) => {
    const answer = await client.messages.create({ ...hello, stream });
    await readOut(answer);
    const { attributes } = only();
    expect(attributes).toMatchObject({
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.cache_write.input_tokens': 1,
    });
    const { usage } = await client.messages.create(hello);
    expect(attributes['gen_ai.usage.input_tokens']).toBe(usage.input_tokens + 3);
    expect(attributes['gen_ai.usage.output_tokens']).toBe(usage.output_tokens);
  });

  test('keeps content to itself unless it is captured', async () => {
    configure({ captureContent: false });
    await client.messages.create(weather);
    expect(JSON.stringify(only().attributes)).not.toMatch(/Weather|short|moment|Tells/);
  });

  test.each([false, true])('tells thoughts and calls of tools; streamed: %s', async (stream) => {
    const answer = await client.messages.create({ ...weather, stream });
    await readOut(answer);
    expect(json('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'I look.' },
          { type: 'text', content: 'One moment.' },
          CALL,
        ],
        finish_reason: 'tool_use',
      },
    ]);
    expect(json('gen_ai.tool.definitions')).toEqual([
      {
        type: 'function',
        name: 'weather',
        description: 'Tells it.',
        parameters: { type: 'object' },
      },
      { type: 'web_search_20250305', name: 'web_search' },
    ]);
  });

  test('tells the results of tools by the ids of their calls', async () => {
    const { content } = await client.messages.create(weather);
    exporter.reset();
    await client.messages.create({
      ...weather,
      messages: [
        ...weather.messages,
        { role: 'assistant', content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: '21 degrees' }],
        },
      ],
    });
    expect(json('gen_ai.input.messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ type: 'reasoning' }, { type: 'text' }, CALL] },
      {
        role: 'user',
        parts: [{ type: 'tool_call_response', id: 'c1', response: '21 degrees' }],
      },
    ]);
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Sunny.' }] }]);
  });

  test('tells when the first piece of a stream came', async () => {
    await readOut(await client.messages.create({ ...hello, stream: true }));
    expect(only().attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
    });
  });

  test('tells a stream that is broken off as far as it came', async () => {
    for await (const event of await client.messages.create({ ...hello, stream: true }))
      if (event.type === 'content_block_delta') break;
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(only().attributes).toHaveProperty('gen_ai.response.id');
    expect(String(only().attributes['gen_ai.output.messages'])).toContain('"content":"H');
  });

  test('counts an aborted stream as cancelled', async () => {
    const stream = await client.messages.create({ ...hello, stream: true });
    for await (const event of stream)
      if (event.type === 'content_block_delta') stream.controller.abort();
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
  });

  test('tells a helper that streams once', async () => {
    await expect(client.messages.stream(hello).finalText()).resolves.toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('tells the beta', async () => {
    await client.beta.messages.create({ ...hello, betas: ['x'] });
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
    exporter.reset();
    await client.beta.messages.stream(hello).finalMessage();
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('tells each call of a runner of tools, and a helper that parses', async () => {
    const tool = {
      ...weather.tools[0],
      type: 'custom',
      parse: (input: unknown) => input,
      run: async () => '21 degrees',
    };
    const runner = client.beta.messages.toolRunner({ ...weather, tools: [tool] } as never);
    await runner;
    const [first, second] = ours();
    expect(ours()).toHaveLength(2);
    // The newer runner leaves it to Anthropic to remember what was said before.
    expect(second?.attributes['gen_ai.request.previous_response.id']).toBe(
      major === '1' ? first?.attributes['gen_ai.response.id'] : undefined,
    );
    exporter.reset();
    await client.messages.parse(hello);
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('does not tell that tokens were counted', async () => {
    await client.messages.countTokens({ model, messages: hello.messages });
    expect(ours()).toEqual([]);
  });

  test('gives the error of the SDK', async () => {
    const gone = create(`${provider.url}/nowhere`);
    const plain = await gone.messages.create(hello).catch((error: unknown) => error);
    exporter.reset();
    const watched = await wrapAnthropic(gone)
      .messages.create(hello)
      .catch((e: unknown) => e);
    expect((watched as Error).constructor).toBe((plain as Error).constructor);
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('leaves a raw response unread, and gives it beside the answer', async () => {
    const response = await client.messages.create(hello).asResponse();
    expect(response.bodyUsed).toBe(false);
    await response.text();
    const { data, response: beside } = await client.messages.create(hello).withResponse();
    expect([data.content, beside.status]).toMatchObject([[{ text: 'Hello!' }], 200]);
    expect(ours()).toHaveLength(2);
  });

  test('ties calls and helpers to the message that set them off', async () => {
    const thread = openThread();
    const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
    await client.messages.create(hello).setParent(id);
    await client.messages.stream(hello).setParent(id).finalMessage();
    await client.beta.messages.stream(hello).setParent(id).finalMessage();
    const tied = { 'colloquy.parent.message_id': id, 'gen_ai.conversation.id': thread.id };
    expect(ours()).toHaveLength(3);
    for (const { attributes } of ours()) expect(attributes).toMatchObject(tied);
  });

  test('and the tracing of the SDK itself name the same response', async () => {
    const told = (): readonly unknown[] =>
      exporter.getFinishedSpans().map(({ attributes }) => attributes['gen_ai.response.id']);
    const { id } = await client.messages.create(hello);
    expect(told()).toEqual([id, id]);
    exporter.reset();
    const { id: streamed } = await client.messages.stream(hello).finalMessage();
    expect(told()).toEqual([streamed, streamed]);
    exporter.reset();
    await readOut(await client.messages.create({ ...hello, stream: true }));
    expect(told()).toHaveLength(2);
    expect(new Set(told()).size).toBe(1);
  });
});

test('names the cloud that serves the model', async () => {
  const client = wrapAnthropic(
    new Anthropic({
      baseURL: 'https://bedrock-runtime.us-east-1.amazonaws.com',
      apiKey: 'k',
      maxRetries: 0,
      fetch: async () => new Response('{}', { status: 400 }),
    }),
  );
  await expect(client.messages.create(hello)).rejects.toThrow(Anthropic.BadRequestError);
  expect(only().attributes['gen_ai.provider.name']).toBe('aws.bedrock');
});
