import { setTimeout as wait } from 'node:timers/promises';
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
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wrapOpenAI } from './index.js';

const exporter = new InMemorySpanExporter();
let provider: FakeProvider;
let client: OpenAI;

beforeAll(async () => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  provider = await startFakeProvider({
    script: [
      { user: 'Hello?', replies: [{ text: 'Hello!' }] },
      {
        user: 'Weather?',
        replies: [
          { toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Rome' } }] },
          { text: 'Sunny.' },
        ],
      },
    ],
  });
  client = wrapOpenAI(new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k', maxRetries: 0 }));
});
afterAll(() => provider.stop());
afterEach(() => {
  expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
});
beforeEach(() => {
  exporter.reset();
  configure({ captureContent: true });
});

const only = (): ReadableSpan => {
  const [span, ...others] = exporter.getFinishedSpans();
  expect(others).toEqual([]);
  return span as ReadableSpan;
};
const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello?' }] };
const json = (key: string): unknown => JSON.parse(String(only().attributes[key]));

describe('chat completions', () => {
  test('are told whole', async () => {
    const answer = await client.chat.completions.create(hello);
    expect(answer.choices[0]?.message.content).toBe('Hello!');
    expect(only().name).toBe('chat gpt-4o');
    expect(only().attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['stop'],
      'server.address': '127.0.0.1',
    });
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: 'Hello!' }],
        finish_reason: 'stop',
      },
    ]);
  });

  test('keep their content to themselves unless it is captured', async () => {
    configure({ captureContent: false });
    await client.chat.completions.create(hello);
    expect(JSON.stringify(only().attributes)).not.toContain('Hello');
  });

  test('are told whole when they are streamed, with the time to the first piece', async () => {
    const stream = await client.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([
      { parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
    expect(only().attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
    });
  });

  test('of tools are told with their arguments', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Weather?' }],
      tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }],
      stream: true,
    });
    for await (const chunk of stream) expect(chunk).toBeDefined();
    expect(json('gen_ai.output.messages')).toMatchObject([
      {
        parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } }],
        finish_reason: 'tool_calls',
      },
    ]);
  });

  test('that are broken off are told as far as they came', async () => {
    const stream = await client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(String(only().attributes['gen_ai.output.messages'])).toContain('"content":"H');
  });

  test('that are aborted count as cancelled', async () => {
    const stream = await client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream)
      if ((chunk.choices[0]?.delta.content ?? '') !== '') stream.controller.abort();
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
  });

  test('that are split are told once', async () => {
    const [left, right] = (await client.chat.completions.create({ ...hello, stream: true })).tee();
    for await (const chunk of left) expect(chunk).toBeDefined();
    for await (const chunk of right) expect(chunk).toBeDefined();
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('give the error of the SDK', async () => {
    const gone = new OpenAI({ baseURL: `${provider.url}/nowhere`, apiKey: 'k', maxRetries: 0 });
    await expect(wrapOpenAI(gone).chat.completions.create(hello)).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('leave a raw response unread', async () => {
    const response = await client.chat.completions.create(hello).asResponse();
    expect(response.bodyUsed).toBe(false);
    await expect(response.json()).resolves.toMatchObject({ object: 'chat.completion' });
    await wait(0);
    expect(only().attributes).not.toHaveProperty('gen_ai.output.messages');
  });

  test('give the response beside the answer', async () => {
    const { data, response } = await client.chat.completions.create(hello).withResponse();
    expect([data.choices[0]?.message.content, response.status]).toEqual(['Hello!', 200]);
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('are tied to a message', async () => {
    const thread = openThread();
    const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
    exporter.reset();
    await client.chat.completions.create(hello).setParent(id);
    expect(only().attributes).toMatchObject({
      'colloquy.parent.message_id': id,
      'gen_ai.conversation.id': thread.id,
    });
  });

  test('of helpers of the SDK are told once', async () => {
    const runner = client.chat.completions.stream(hello);
    await expect(runner.finalContent()).resolves.toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });
});

describe('responses', () => {
  test.each([false, true])('are told whole; streamed: %s', async (stream) => {
    const answer = await client.responses.create({ model: 'gpt-4o', input: 'Hello?', stream });
    const read: unknown[] = [];
    if (Symbol.asyncIterator in answer) for await (const event of answer) read.push(event);
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toMatchObject([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });
});

test('embeddings are told without their texts', async () => {
  await client.embeddings.create({ model: 'e', input: 'secret', dimensions: 3 });
  expect(only().name).toBe('embeddings e');
  expect(only().attributes).toMatchObject({ 'gen_ai.embeddings.dimension.count': 3 });
  expect(JSON.stringify(only().attributes)).not.toContain('secret');
});
