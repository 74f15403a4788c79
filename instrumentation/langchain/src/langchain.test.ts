import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure, openThread, ThreadSpanProcessor } from '@colloquy/threads';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCallbackHandler, LangChainInstrumentation } from './index.js';

const exporter = new InMemorySpanExporter();
const instrumentation = new LangChainInstrumentation();
const require = createRequire(import.meta.url);
const { ChatOpenAI } = require('@langchain/openai') as typeof import('@langchain/openai');
const { tool } = require('@langchain/core/tools') as typeof import('@langchain/core/tools');
const { RunnableLambda } =
  require('@langchain/core/runnables') as typeof import('@langchain/core/runnables');
const { BaseRetriever } =
  require('@langchain/core/retrievers') as typeof import('@langchain/core/retrievers');
const { StringOutputParser } =
  require('@langchain/core/output_parsers') as typeof import('@langchain/core/output_parsers');
const { MemorySaver, MessagesAnnotation, START, StateGraph, interrupt } =
  require('@langchain/langgraph') as typeof import('@langchain/langgraph');
const { createReactAgent } =
  require('@langchain/langgraph/prebuilt') as typeof import('@langchain/langgraph/prebuilt');

let provider: FakeProvider;
const long = 'many words '.repeat(200);

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
afterAll(async () => {
  await provider.stop();
  propagation.disable();
});
afterEach(() => {
  expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
});
beforeEach(() => {
  exporter.reset();
  instrumentation.enable();
  configure({ captureContent: true });
});

const modelOf = (path = '/v1') =>
  new ChatOpenAI({
    model: 'gpt-4o',
    apiKey: 'k',
    maxRetries: 0,
    temperature: 0.5,
    configuration: { baseURL: `${provider.url}${path}` },
  });
const weather = tool(
  ({ city }: { city: string }) => {
    trace.getTracer('app').startSpan('forecast').end();
    return `sun in ${city}`;
  },
  {
    name: 'weather',
    description: 'How it is outside.',
    schema: { type: 'object', properties: { city: { type: 'string' } } },
  },
);
const agentOf = (name: string) =>
  createReactAgent({
    llm: modelOf(),
    tools: [weather],
    checkpointer: new MemorySaver(),
    name,
  });

const named = (name: string): ReadableSpan => {
  const span = exporter.getFinishedSpans().find((finished) => finished.name === name);
  expect(span).toBeDefined();
  return span as ReadableSpan;
};
const names = (): readonly string[] => exporter.getFinishedSpans().map(({ name }) => name);
const parentOf = (span: ReadableSpan): string | undefined =>
  exporter
    .getFinishedSpans()
    .find((finished) => finished.spanContext().spanId === span.parentSpanContext?.spanId)?.name;
const json = (span: ReadableSpan, key: string): unknown => JSON.parse(String(span.attributes[key]));
const hello = [{ role: 'user', content: 'Hello?' }];

describe('a call of a model', () => {
  test('is told whole', async () => {
    const answer = await modelOf().invoke(hello);
    expect(answer.content).toBe('Hello!');
    expect(names()).toEqual(['chat gpt-4o']);
    const span = named('chat gpt-4o');
    expect(span.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': 'gpt-4o',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
    expect(json(span, 'gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json(span, 'gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test('keeps its content to itself unless it is captured', async () => {
    configure({ captureContent: false });
    await modelOf().invoke(hello);
    expect(JSON.stringify(named('chat gpt-4o').attributes)).not.toContain('Hello');
  });

  test('is told whole when it is streamed, with the time to the first piece', async () => {
    let text = '';
    for await (const chunk of await modelOf().stream(hello)) text += chunk.text;
    expect(text).toBe('Hello!');
    const span = named('chat gpt-4o');
    expect(span.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
    expect(json(span, 'gen_ai.output.messages')).toMatchObject([
      { parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test('of the Responses API has the id of the response', async () => {
    const model = new ChatOpenAI({
      model: 'gpt-4o',
      apiKey: 'k',
      useResponsesApi: true,
      configuration: { baseURL: `${provider.url}/v1` },
    });
    const answer = await model.invoke(hello);
    expect(answer.text).toBe('Hello!');
    const span = named('chat gpt-4o');
    expect(span.attributes['gen_ai.response.id']).toMatch(/^resp_/);
    expect(json(span, 'gen_ai.output.messages')).toMatchObject([
      { parts: [{ type: 'text', content: 'Hello!' }] },
    ]);
  });

  test('that is broken off is told as far as it came, at once', async () => {
    let text = '';
    for await (const chunk of await modelOf().stream('Talk.')) {
      text += chunk.text;
      if (text.length > 20) break;
    }
    const span = named('chat gpt-4o');
    expect(span.attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(String(span.attributes['gen_ai.output.messages'])).toContain('many');
    expect(long.length).toBeGreaterThan(String(span.attributes['gen_ai.output.messages']).length);
  });

  test('that is aborted counts as cancelled', async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const chunk of await modelOf().stream('Talk.', { signal: controller.signal }))
        if (chunk.text !== '') controller.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    const span = named('chat gpt-4o');
    expect(span.attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(span.attributes).not.toHaveProperty('error.type');
  });

  test('gives the error of the provider', async () => {
    await expect(modelOf('/nowhere').invoke(hello)).rejects.toMatchObject({ status: 404 });
    expect(named('chat gpt-4o').attributes['error.type']).toBe('404');
  });
});

describe('an agent', () => {
  test('is told with its model calls and tools below it', async () => {
    await agentOf('bob').invoke(
      { messages: [{ role: 'user', content: 'Weather?' }] },
      { configurable: { thread_id: 'saved-1' } },
    );
    expect(names()).toEqual([
      'chat gpt-4o',
      'forecast',
      'execute_tool weather',
      'chat gpt-4o',
      'invoke_agent bob',
    ]);
    expect(parentOf(named('chat gpt-4o'))).toBe('invoke_agent bob');
    expect(parentOf(named('execute_tool weather'))).toBe('invoke_agent bob');
    expect(parentOf(named('forecast'))).toBe('execute_tool weather');
    const agent = named('invoke_agent bob');
    expect(json(agent, 'gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
    ]);
    expect(json(agent, 'gen_ai.output.messages')).toMatchObject([
      { role: 'assistant', parts: [{ type: 'text', content: 'Sunny.' }] },
    ]);
    const done = named('execute_tool weather');
    expect(done.attributes).toMatchObject({
      'gen_ai.tool.name': 'weather',
      'gen_ai.tool.call.id': 'c1',
      'gen_ai.tool.call.arguments': '{"city":"Rome"}',
      'gen_ai.tool.call.result': '"sun in Rome"',
    });
  });

  test('tells calls of tools, their results and their definitions', async () => {
    await agentOf('bob').invoke(
      { messages: [{ role: 'user', content: 'Weather?' }] },
      { configurable: { thread_id: 'saved-1' } },
    );
    const [first, second] = exporter
      .getFinishedSpans()
      .filter(({ name }) => name === 'chat gpt-4o') as [ReadableSpan, ReadableSpan];
    expect(json(first, 'gen_ai.tool.definitions')).toMatchObject([
      { type: 'function', name: 'weather', description: 'How it is outside.' },
    ]);
    const call = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } };
    expect(json(first, 'gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [call], finish_reason: 'tool_calls' },
    ]);
    expect(json(second, 'gen_ai.input.messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [call] },
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 'c1', response: 'sun in Rome' }],
      },
    ]);
  });

  test('belongs to the thread of its checkpoints, with all that it does', async () => {
    await agentOf('bob').invoke(
      { messages: [{ role: 'user', content: 'Weather?' }] },
      { configurable: { thread_id: 'saved-1' } },
    );
    for (const { attributes } of exporter.getFinishedSpans())
      expect(attributes['gen_ai.conversation.id']).toBe('saved-1');
  });

  test("belongs to the application's thread where there is one", async () => {
    const thread = openThread();
    await thread.run(() =>
      agentOf('bob').invoke(
        { messages: [{ role: 'user', content: 'Weather?' }] },
        { configurable: { thread_id: 'saved-1' } },
      ),
    );
    expect(names()).toHaveLength(5);
    for (const { attributes } of exporter.getFinishedSpans())
      expect(attributes['gen_ai.conversation.id']).toBe(thread.id);
  });

  test('that is broken off ends at once, with all that it does', async () => {
    const stream = await agentOf('bob').stream(
      { messages: [{ role: 'user', content: 'Talk.' }] },
      { configurable: { thread_id: 'saved-1' }, streamMode: 'messages' },
    );
    for await (const [chunk] of stream) if (chunk.text !== '') break;
    expect(names()).toEqual(['chat gpt-4o', 'invoke_agent bob']);
    expect(named('chat gpt-4o').attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['cancelled'],
      'gen_ai.output.messages': expect.stringContaining('many') as string,
    });
    expect(named('invoke_agent bob').attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['cancelled'],
    });
  });

  test('that waits for a human has not failed', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', () => {
        interrupt('Really?');
        return { messages: [] };
      })
      .addEdge(START, 'ask')
      .compile({ checkpointer: new MemorySaver(), name: 'careful' });
    await graph.invoke({ messages: hello }, { configurable: { thread_id: 'saved-2' } });
    expect(names()).toEqual(['invoke_agent careful']);
    expect(named('invoke_agent careful').status.code).toBe(0);
  });
});

test('a chain is a workflow with the error of what it runs', async () => {
  const chain = RunnableLambda.from((question: string) => {
    if (question === '') throw new RangeError('nothing asked');
    return question;
  })
    .pipe(modelOf())
    .pipe(new StringOutputParser())
    .withConfig({ runName: 'ask', metadata: { session_id: 'meta-1' } });
  expect(await chain.invoke('Hello?')).toBe('Hello!');
  expect(names()).toEqual(['chat gpt-4o', 'invoke_workflow ask']);
  expect(parentOf(named('chat gpt-4o'))).toBe('invoke_workflow ask');
  const span = named('invoke_workflow ask');
  expect(span.attributes['gen_ai.conversation.id']).toBe('meta-1');
  expect(json(span, 'gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  exporter.reset();
  await expect(chain.invoke('')).rejects.toThrow(RangeError);
  expect(named('invoke_workflow ask').attributes['error.type']).toBe('RangeError');
});

test('what a tool gives back is told as it is where it is no message', async () => {
  const find = tool(() => ({ content: 'a', pages: 3 }), { name: 'find', description: 'Finds.' });
  await find.invoke('cats');
  expect(json(named('execute_tool find'), 'gen_ai.tool.call.result')).toEqual({
    content: 'a',
    pages: 3,
  });
});

test('a retriever is told with its query and what it found', async () => {
  class Shelf extends BaseRetriever {
    lc_namespace = ['app'];
    static override lc_name = () => 'Shelf';
    override async _getRelevantDocuments(query: string) {
      return [{ id: 'd1', pageContent: `about ${query}`, metadata: { page: 3 } }];
    }
  }
  await new Shelf().invoke('cats');
  const span = named('retrieval Shelf');
  expect(span.attributes['gen_ai.retrieval.query.text']).toBe('cats');
  expect(json(span, 'gen_ai.retrieval.documents')).toEqual([
    { id: 'd1', content: 'about cats', metadata: { page: 3 } },
  ]);
});

describe('by hand', () => {
  beforeEach(() => instrumentation.disable());

  test('nothing is told unless the handler is given', async () => {
    await modelOf().invoke(hello);
    expect(names()).toEqual([]);
  });

  test('the handler tells the same', async () => {
    await agentOf('bob').invoke(
      { messages: [{ role: 'user', content: 'Weather?' }] },
      { configurable: { thread_id: 'saved-1' }, callbacks: [createCallbackHandler()] },
    );
    expect(names()).toEqual([
      'chat gpt-4o',
      'forecast',
      'execute_tool weather',
      'chat gpt-4o',
      'invoke_agent bob',
    ]);
    expect(parentOf(named('execute_tool weather'))).toBe('invoke_agent bob');
  });

  test('a stream that is forgotten ends with what LangChain knows of it', async () => {
    const { gc } = globalThis;
    expect(gc).toBeTypeOf('function');
    await (async () => {
      const callbacks = [createCallbackHandler()];
      const stream = await modelOf().stream('Talk.', { callbacks });
      await stream.next();
    })();
    for (let round = 0; round < 200 && names().length === 0; round += 1) {
      gc?.();
      await wait(1);
    }
    expect(named('chat gpt-4o').attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['cancelled'],
    });
  });

  test('a run that hears of it twice is told once, with the instrumentation too', async () => {
    instrumentation.enable();
    const callbacks = [createCallbackHandler(), createCallbackHandler()];
    await modelOf().invoke(hello, { callbacks });
    expect(names()).toEqual(['chat gpt-4o']);
  });
});
