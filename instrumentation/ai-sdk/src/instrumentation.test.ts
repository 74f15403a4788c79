import { createRequire } from 'node:module';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure, ThreadSpanProcessor } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { createOpenAI as createOpenAI5 } from 'ai5-openai';
import type * as ai6 from 'ai6';
import { createOpenAI as createOpenAI6 } from 'ai6-openai';
import * as ai7 from 'ai7';
import { createOpenAI as createOpenAI7 } from 'ai7-openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AISdkInstrumentation, colloquyMiddleware } from './index.js';

type Sdk = typeof ai6;
type Model = Exclude<Parameters<Sdk['generateText']>[0]['model'], string>;

const exporter = new InMemorySpanExporter();
const long = 'many words '.repeat(200);
const instrumentation = new AISdkInstrumentation();
let provider: FakeProvider;

/** Their packages have other names here than where they are used, and are patched by hand for that. */
function required(name: string): Sdk {
  const [definition] = instrumentation.getModuleDefinitions();
  return definition?.patch?.(createRequire(import.meta.url)(name)) as Sdk;
}

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
  instrumentation.enable();
  configure({ captureContent: true });
});
afterEach(() => {
  expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
});

const settings = () => ({ baseURL: `${provider.url}/v1`, apiKey: 'k' });
const MAJORS: readonly (readonly [string, Sdk, () => Model])[] = [
  ['5', required('ai5'), () => createOpenAI5(settings()).chat('gpt-4o')],
  ['6', required('ai6'), () => createOpenAI6(settings()).chat('gpt-4o')],
  ['7', ai7 as unknown as Sdk, () => createOpenAI7(settings()).chat('gpt-4o') as unknown as Model],
];

const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
const chats = (): readonly ReadableSpan[] => spans().filter(({ name }) => name === 'chat gpt-4o');
const saidBy = (span: ReadableSpan | undefined): unknown =>
  JSON.parse(String(span?.attributes['gen_ai.output.messages']));

describe.each(MAJORS)('version %s', (major, sdk, modelOf) => {
  const weather = sdk.tool({
    description: 'How it is outside.',
    inputSchema: sdk.jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
    }),
    execute: async ({ city }) => {
      trace.getTracer('app').startSpan('forecast').end();
      return `sun in ${city}`;
    },
  });

  test('tells a call whole', async () => {
    const { text } = await sdk.generateText({
      model: modelOf(),
      system: 'Brief.',
      prompt: 'Hello?',
    });
    expect(text).toBe('Hello!');
    expect(spans()).toHaveLength(1);
    expect(JSON.parse(String(chats()[0]?.attributes['gen_ai.input.messages']))).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Brief.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(saidBy(chats()[0])).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test('tells a stream whole', async () => {
    let text = '';
    for await (const piece of sdk.streamText({ model: modelOf(), prompt: 'Hello?' }).textStream)
      text += piece;
    expect(text).toBe('Hello!');
    expect(spans()).toHaveLength(1);
    expect(saidBy(chats()[0])).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
    expect(chats()[0]?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
  });

  test.each(['generate', 'stream'] as const)('tells the turns of an agent; %s', async (method) => {
    const Agent = sdk.ToolLoopAgent ?? sdk.Experimental_Agent;
    const agent = new Agent({
      model: modelOf(),
      tools: { weather },
      stopWhen: sdk.stepCountIs(3),
    });
    const result = await agent[method]({ prompt: 'Weather?' });
    expect(await result.text).toBe('Sunny.');
    expect(chats().map(saidBy)).toMatchObject([
      [{ parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Rome' } }] }],
      [{ parts: [{ content: 'Sunny.' }] }],
    ]);
    const tool = spans().find(({ name }) => name === 'execute_tool weather');
    expect(tool?.attributes['gen_ai.tool.call.result']).toBe(
      major === '7' ? '"sun in Rome"' : undefined,
    );
    const below = spans().find(({ name }) => name === 'forecast')?.parentSpanContext?.spanId;
    expect(below).toBe(tool?.spanContext().spanId);
  });

  test.each(['generateText', 'streamText'] as const)(
    'tells the calls that a tool makes; %s',
    async (method) => {
      const ask = sdk.tool({
        inputSchema: sdk.jsonSchema({ type: 'object' }),
        execute: async () => (await sdk.generateText({ model: modelOf(), prompt: 'Hello?' })).text,
      });
      const result = sdk[method]({
        model: modelOf(),
        prompt: 'Weather?',
        tools: { weather: ask },
        stopWhen: sdk.stepCountIs(3),
      });
      expect(await (await result).text).toBe('Sunny.');
      expect(chats().map(saidBy)).toMatchObject([
        [{ parts: [{ type: 'tool_call' }] }],
        [{ parts: [{ content: 'Hello!' }] }],
        [{ parts: [{ content: 'Sunny.' }] }],
      ]);
    },
  );

  test('counts an aborted stream as cancelled, with what has come', async () => {
    const controller = new AbortController();
    const { textStream } = sdk.streamText({
      model: modelOf(),
      prompt: 'Talk.',
      abortSignal: controller.signal,
    });
    let text = '';
    for await (const piece of textStream) {
      text += piece;
      if (text.length > 20) controller.abort();
    }
    await expect.poll(() => spans().length).toBe(1);
    expect(chats()[0]?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['cancelled'],
      'gen_ai.output.messages': expect.stringContaining('many words') as string,
    });
  });

  test('tells a call once that the middleware tells too', async () => {
    const model = sdk.wrapLanguageModel({
      model: modelOf() as never,
      middleware: colloquyMiddleware(),
    });
    await sdk.generateText({ model, prompt: 'Hello?' });
    await sdk.streamText({ model, prompt: 'Hello?' }).text;
    expect(spans()).toHaveLength(2);
  });

  test('tells nothing while it is off', async () => {
    instrumentation.disable();
    await sdk.generateText({ model: modelOf(), prompt: 'Hello?' });
    await sdk.streamText({ model: modelOf(), prompt: 'Hello?' }).text;
    expect(spans()).toEqual([]);
  });
});

test('leaves out what an application lets not be recorded; version 7', async () => {
  await ai7.generateText({
    model: createOpenAI7(settings()).chat('gpt-4o'),
    prompt: 'Hello?',
    telemetry: { recordInputs: false, recordOutputs: false },
  });
  expect(JSON.stringify(chats()[0]?.attributes)).not.toContain('Hello');
});

test('names of models are looked up as the SDK does; version 6', async () => {
  const registry = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
  registry.AI_SDK_DEFAULT_PROVIDER = createOpenAI6(settings());
  const [, [, sdk]] = MAJORS as [unknown, (typeof MAJORS)[number]];
  const { text } = await sdk.generateText({ model: 'gpt-4o', prompt: 'Hello?' });
  delete registry.AI_SDK_DEFAULT_PROVIDER;
  expect(text).toBe('Hello!');
  expect(chats()).toHaveLength(1);
});
