import { setTimeout as wait } from 'node:timers/promises';
import {
  configure,
  openThread,
  ThreadSpanProcessor,
  trackFeedback,
  withParent,
  withThread,
  wrapAgent,
  wrapModel,
} from '@colloquy/threads';
import {
  messageListShape,
  threadDetailShape,
  traceShape,
  type MessageAnswer,
  type Part,
  type ThreadDetailAnswer,
} from '@colloquy/schema';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../config.js';
import { startService, type Service } from '../service.js';

let service: Service;
let provider: BasicTracerProvider;
const reports: string[] = [];

beforeAll(async () => {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0'], {
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'threads_sdk',
  });
  service = await startService(config, (message) => reports.push(message));
  const exporter = new OTLPTraceExporter({ url: `${service.httpUrl}/v1/traces` });
  provider = new BasicTracerProvider({
    spanProcessors: [new ThreadSpanProcessor(), new BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  await service.stop();
});
beforeEach(() => configure({ captureContent: true }));

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${service.httpUrl}/api/v1${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

interface Told {
  readonly thread: ThreadDetailAnswer;
  readonly messages: readonly MessageAnswer[];
}

/** What the API tells of a thread once all that was reported has been taken in. */
async function read(threadId: string): Promise<Told> {
  await provider.forceFlush();
  const path = `/threads/${encodeURIComponent(threadId)}`;
  return {
    thread: threadDetailShape.parse(await ask(path)),
    messages: messageListShape.parse(await ask(`${path}/messages?include=branches`)).messages,
  };
}

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('+');
const lines = ({ messages }: Told): readonly string[] =>
  messages.map(({ line, role, parts, source }) => `${line} ${role}: ${textOf(parts)} (${source})`);

/** A model takes its time: what it is asked one after the other has an order. */
const MODEL_MS = 5;

/** A model of the app's own, for which there is no instrumentation. */
const complete = wrapModel(
  async (messages: readonly { readonly role: string; readonly content: string }[]) => {
    await wait(MODEL_MS);
    return `Echo: ${messages.at(-1)?.content ?? ''}`;
  },
  { provider: 'acme', model: 'acme-1' },
);

describe("what Lunary's page promises", () => {
  test('a thread is opened, saved and resumed', async () => {
    const { id } = openThread();
    openThread({ id }).trackMessage({ role: 'user', content: 'Hello, please help me' });
    openThread({ id }).trackMessage({ role: 'assistant', content: 'Hello, how can I help you?' });
    expect(lines(await read(id))).toEqual([
      'main user: Hello, please help me (tracked)',
      'main assistant: Hello, how can I help you? (tracked)',
    ]);
  });

  test('tags, users and what is known of them show on the thread', async () => {
    const thread = openThread({
      tags: ['support'],
      userId: 'user1',
      userProps: { email: 'hello@test.com' },
    });
    thread.trackMessage({ role: 'user', content: 'Hello' });
    expect((await read(thread.id)).thread).toMatchObject({
      tags: ['support'],
      users: [{ user_id: 'user1', props: { email: 'hello@test.com' } }],
    });
  });

  test('custom events stand in the thread with their metadata', async () => {
    const thread = openThread();
    thread.trackMessage({ role: 'user', content: 'Show me' });
    thread.trackEvent('event-name');
    thread.trackEvent('open-document', { documentName: 'my-document.pdf' }, { userId: 'user1' });
    expect((await read(thread.id)).thread.events).toMatchObject([
      { name: 'event-name', turn: 1, metadata: {}, user_id: null },
      {
        name: 'open-document',
        turn: 1,
        metadata: { documentName: 'my-document.pdf' },
        user_id: 'user1',
      },
    ]);
  });

  test('feedback is given, changed and taken back', async () => {
    const thread = openThread();
    const msgId = thread.trackMessage({ role: 'assistant', content: 'Hope you like my answers' });
    trackFeedback(msgId, { thumb: 'up', comment: 'Nice' });
    const of = async () => (await read(thread.id)).messages[0]?.feedback;
    expect(await of()).toMatchObject([{ user_id: null, values: { thumb: 'up', comment: 'Nice' } }]);
    trackFeedback(msgId, { thumb: 'down' });
    expect(await of()).toMatchObject([{ values: { thumb: 'down', comment: 'Nice' } }]);
    trackFeedback(msgId, { thumb: null });
    expect(await of()).toMatchObject([{ values: { comment: 'Nice' } }]);
    trackFeedback(msgId, null);
    expect(await of()).toEqual([]);
  });

  test('a model call is tied to the message that set it off, and its words stand once', async () => {
    const thread = openThread();
    const msgId = thread.trackMessage({ role: 'user', content: 'Hello!' });
    const answer = await complete([{ role: 'user', content: 'Hello!' }]).setParent(msgId);
    thread.trackMessage({ role: 'assistant', content: answer });
    const told = await read(thread.id);
    expect(lines(told)).toEqual([
      'main user: Hello! (both)',
      'main assistant: Echo: Hello! (both)',
    ]);
    expect(told.thread.generations).toMatchObject([{ parent_message_id: msgId, model: 'acme-1' }]);
  });

  test('an agent, and all that it calls, is tied to a message', async () => {
    const thread = openThread();
    const msgId = thread.trackMessage({ role: 'user', content: 'Hello!' });
    const agent = wrapAgent(async function ChatbotAgent(query: string) {
      return complete([
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: query },
      ]);
    });
    await agent('Hello!').setParent(msgId);
    const told = await read(thread.id);
    expect(told.thread.generations).toMatchObject([{ parent_message_id: msgId }]);
    expect(lines(told)).toEqual([
      'main system: Be kind. (derived)',
      'main user: Hello! (both)',
      'main assistant: Echo: Hello! (derived)',
    ]);
  });
});

describe('a message id alone', () => {
  /** As in another process: what this one has tracked is not looked at. */
  const far = async (messageId: string): Promise<string> => {
    let traceId = '';
    await withParent(messageId, () => {
      const run = trace.getTracer('backend').startSpan('POST /chat');
      traceId = run.spanContext().traceId;
      return context.with(trace.setSpan(context.active(), run), async () => {
        await complete([{ role: 'user', content: `Context: none. Question: Far away?` }]);
        run.end();
      });
    });
    return traceId;
  };
  const track = (threadId: string, messageId: string): void => {
    const span = trace.getTracer('browser').startSpan('message user');
    span.setAttributes({
      'colloquy.span.kind': 'message',
      'colloquy.message.id': messageId,
      'colloquy.thread.id': threadId,
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Far away?' }] },
      ]),
    });
    span.end();
  };
  const expected = [
    'main user: Far away? (both)',
    'main assistant: Echo: Context: none. Question: Far away? (derived)',
  ];

  test('brings a run of another service into the thread', async () => {
    track('from-browser', 'far-1');
    await provider.forceFlush();
    const traceId = await far('far-1');
    const told = await read('from-browser');
    expect(lines(told)).toEqual(expected);
    expect(told.thread).toMatchObject({ trace_count: 2, inferred: false });
    const { thread_id } = traceShape.parse(await ask(`/traces/${traceId}`));
    expect(thread_id).toBe('from-browser');
  });

  test('does so too when the message comes last, and leaves no thread behind', async () => {
    const traceId = await far('far-2');
    await provider.forceFlush();
    expect((await read(traceId)).messages).toHaveLength(2);
    track('late-browser', 'far-2');
    expect(lines(await read('late-browser'))).toEqual(expected);
    expect((await fetch(`${service.httpUrl}/api/v1/threads/${traceId}`)).status).toBe(404);
  });

  test('is enough for feedback, which may come before the message', async () => {
    trackFeedback('far-3', { thumb: 'up' }, { userId: 'ada' });
    await provider.forceFlush();
    track('judged', 'far-3');
    const { messages } = await read('judged');
    expect(messages[0]?.feedback).toMatchObject([{ user_id: 'ada', values: { thumb: 'up' } }]);
  });
});

describe('what was said anew', () => {
  test('an edited question stands in place of the old one, which stays as a branch', async () => {
    const thread = openThread();
    const first = thread.trackMessage({ role: 'user', content: 'Helo' });
    thread.trackMessage({ role: 'assistant', content: 'Pardon?' });
    thread.trackMessage({ role: 'user', content: 'Hello', replaces: first });
    thread.trackMessage({ role: 'assistant', content: 'Hi!' });
    expect(lines(await read(thread.id))).toEqual([
      'main user: Hello (tracked)',
      'main assistant: Hi! (tracked)',
      'branch user: Helo (tracked)',
      'branch assistant: Pardon? (tracked)',
    ]);
  });

  test('a regenerated answer is one with what the calls show', async () => {
    const thread = openThread();
    await thread.run(async () => {
      const ask1 = [{ role: 'user', content: 'Joke?' }];
      thread.trackMessage({ role: 'user', content: 'Joke?', id: 'joke' });
      const old = thread.trackMessage({ role: 'assistant', content: await complete(ask1) });
      const tell = wrapModel(async () => Promise.resolve('A better one'), {
        model: 'acme-1',
        input: () => ask1,
      });
      thread.trackMessage({ role: 'assistant', content: await tell(), replaces: old });
    });
    expect(lines(await read(thread.id))).toEqual([
      'main user: Joke? (both)',
      'main assistant: A better one (both)',
      'branch assistant: Echo: Joke? (both)',
    ]);
  });
});

test('spans of anyone inside a thread belong to it', async () => {
  let traceId = '';
  await withThread({ id: 'around', userId: 'ada', tags: ['vip'] }, async () => {
    await complete([{ role: 'user', content: 'Who am I?' }]);
    traceId = trace.getTracer('db').startSpan('SELECT').spanContext().traceId;
  });
  const told = await read('around');
  expect(told.thread).toMatchObject({ user_ids: ['ada'], tags: ['vip'] });
  expect(lines(told)).toEqual([
    'main user: Who am I? (derived)',
    'main assistant: Echo: Who am I? (derived)',
  ]);
  expect(traceId).not.toBe('');
});

test('nothing went wrong in the background', () => {
  expect(reports).toEqual([]);
});
