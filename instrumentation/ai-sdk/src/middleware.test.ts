import { setTimeout as wait } from 'node:timers/promises';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure, openThread, ThreadSpanProcessor, withParent } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import * as ai5 from 'ai5';
import { createOpenAI as createOpenAI5 } from 'ai5-openai';
import * as ai6 from 'ai6';
import { createOpenAI as createOpenAI6 } from 'ai6-openai';
import * as ai7 from 'ai7';
import { createOpenAI as createOpenAI7 } from 'ai7-openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { colloquyMiddleware } from './index.js';

/** What is called here is the same in all majors. */
type Sdk = typeof ai6;
type Model = ReturnType<Sdk['wrapLanguageModel']>;

const exporter = new InMemorySpanExporter();
const long = 'many words '.repeat(200);
let provider: FakeProvider;

beforeAll(async () => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({
      spanProcessors: [new ThreadSpanProcessor(), new SimpleSpanProcessor(exporter)],
    }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  provider = await startFakeProvider({
    script: [
      { user: 'Hello?', replies: [{ text: 'Hello!' }] },
      { user: 'Talk.', replies: [{ text: long }] },
      {
        user: 'Weather?',
        replies: [
          { toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Rome' } }] },
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

const settings = (path = '/v1') => ({ baseURL: `${provider.url}${path}`, apiKey: 'k' });
const middleware = colloquyMiddleware();

/** Each major with the types that it has itself. */
const MAJORS: readonly (readonly [string, Sdk, (path?: string) => Model])[] = [
  [
    '5',
    ai5 as unknown as Sdk,
    (path) =>
      ai5.wrapLanguageModel({
        model: createOpenAI5(settings(path)).chat('gpt-4o'),
        middleware,
      }) as unknown as Model,
  ],
  [
    '6',
    ai6,
    (path) =>
      ai6.wrapLanguageModel({ model: createOpenAI6(settings(path)).chat('gpt-4o'), middleware }),
  ],
  [
    '7',
    ai7 as unknown as Sdk,
    (path) =>
      ai7.wrapLanguageModel({
        model: createOpenAI7(settings(path)).chat('gpt-4o'),
        middleware,
      }) as unknown as Model,
  ],
];

const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
const only = (): ReadableSpan => {
  const [span, ...others] = spans();
  expect(others).toEqual([]);
  expect(span).toBeDefined();
  return span as ReadableSpan;
};
const json = (span: ReadableSpan, key: string): unknown => JSON.parse(String(span.attributes[key]));

describe.each(MAJORS)('version %s', (major, sdk, modelOf) => {
  const weather = sdk.tool({
    description: 'How it is outside.',
    inputSchema: sdk.jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
    }),
    execute: async ({ city }) => `sun in ${city}`,
  });

  test('tells a call whole', async () => {
    const { text, response } = await sdk.generateText({
      model: modelOf(),
      system: 'Be brief.',
      prompt: 'Hello?',
      temperature: 0.5,
    });
    expect(text).toBe('Hello!');
    expect(only().name).toBe('chat gpt-4o');
    expect(only().attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.id': response.id,
      'gen_ai.response.model': response.modelId,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
    expect(json(only(), 'gen_ai.input.messages')).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json(only(), 'gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test('keeps content to itself unless it is captured', async () => {
    configure({ captureContent: false });
    await sdk.generateText({ model: modelOf(), prompt: 'Hello?' });
    expect(JSON.stringify(only().attributes)).not.toContain('Hello');
  });

  test('tells a stream whole, with the time to its first piece', async () => {
    const { textStream } = sdk.streamText({ model: modelOf(), prompt: 'Hello?' });
    let text = '';
    for await (const piece of textStream) text += piece;
    expect(text).toBe('Hello!');
    expect(only().attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.id': expect.any(String) as string,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
    expect(json(only(), 'gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test.each(['generateText', 'streamText'] as const)(
    'tells the calls of tools and their results; %s',
    async (method) => {
      const result = sdk[method]({
        model: modelOf(),
        prompt: 'Weather?',
        tools: { weather },
        stopWhen: sdk.stepCountIs(3),
      });
      expect(await (await result).text).toBe('Sunny.');
      const [first, second] = spans() as [ReadableSpan, ReadableSpan];
      expect(json(first, 'gen_ai.tool.definitions')).toMatchObject([
        { type: 'function', name: 'weather', description: 'How it is outside.' },
      ]);
      const call = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } };
      expect(json(first, 'gen_ai.output.messages')).toEqual([
        { role: 'assistant', parts: [call], finish_reason: 'tool_calls' },
      ]);
      expect(json(second, 'gen_ai.input.messages')).toEqual([
        { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
        { role: 'assistant', parts: [call] },
        {
          role: 'tool',
          parts: [{ type: 'tool_call_response', id: 'c1', response: 'sun in Rome' }],
        },
      ]);
    },
  );

  test('counts an aborted stream as cancelled, with what has come', async () => {
    const controller = new AbortController();
    const { textStream } = sdk.streamText({
      model: modelOf(),
      prompt: 'Talk.',
      abortSignal: controller.signal,
      onError: () => undefined,
    });
    let text = '';
    for await (const piece of textStream) {
      text += piece;
      if (text.length > 20) controller.abort();
    }
    await expect.poll(() => spans().length).toBe(1);
    expect(only().attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['cancelled'],
      'gen_ai.output.messages': expect.stringContaining('many words') as string,
    });
    expect(text.length).toBeLessThan(long.length);
  });

  // Version 7 stops reading then, and the span ends when the stream is collected; others read on.
  test('ends a stream that is left', async () => {
    const { gc } = globalThis;
    expect(gc).toBeTypeOf('function');
    await (async () => {
      const { textStream } = sdk.streamText({ model: modelOf(), prompt: 'Talk.' });
      for await (const piece of textStream) if (piece !== '') break;
    })();
    for (let round = 0; round < 300 && spans().length === 0; round += 1) {
      gc?.();
      await wait(1);
    }
    const [reason] = only().attributes['gen_ai.response.finish_reasons'] as string[];
    expect(['stop', 'cancelled']).toContain(reason);
  });

  test('gives the error of the provider', async () => {
    const failing = sdk.generateText({
      model: modelOf('/nowhere'),
      prompt: 'Hello?',
      maxRetries: 0,
    });
    await expect(failing).rejects.toMatchObject({ statusCode: 404 });
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('gives the id that telemetry of the SDK gives, so that a call told twice counts once', async () => {
    const isOwn = ({ instrumentationScope }: ReadableSpan): boolean =>
      instrumentationScope.name === '@colloquy/instrumentation-ai-sdk';
    await sdk.generateText({
      model: modelOf(),
      prompt: 'Hello?',
      experimental_telemetry: { isEnabled: true },
    });
    const own = spans().find(isOwn)?.attributes['gen_ai.response.id'];
    const others = spans().filter((span) => !isOwn(span));
    const theirs = others.flatMap(({ attributes }) => attributes['gen_ai.response.id'] ?? []);
    // Version 7 has its telemetry in a package of its own.
    expect(new Set(theirs)).toEqual(new Set(major === '7' ? [] : [own]));
    exporter.reset();
  });

  test('ties a call to a message and its thread', async () => {
    const thread = openThread();
    const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
    exporter.reset();
    await withParent(id, () => sdk.generateText({ model: modelOf(), prompt: 'Hello?' }));
    expect(only().attributes).toMatchObject({
      'colloquy.parent.message_id': id,
      'gen_ai.conversation.id': thread.id,
    });
  });
});
