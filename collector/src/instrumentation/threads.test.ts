import { setTimeout as wait } from 'node:timers/promises';
import {
  configure,
  openThread,
  trackFeedback,
  withParent,
  withThread,
  wrapModel,
} from '@colloquy/threads';
import { traceShape } from '@colloquy/schema';
import { context, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openReader, type Reader } from './testing/reader.js';

let reader: Reader;

beforeAll(async () => {
  reader = await openReader('threads_sdk');
});
afterAll(() => reader.close());
beforeEach(() => configure({ captureContent: true }));

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
    'user: Far away? (both)',
    'assistant: Echo: Context: none. Question: Far away? (derived)',
  ];

  test('brings a run of another service into the thread', async () => {
    track('from-browser', 'far-1');
    await reader.flush();
    const traceId = await far('far-1');
    const told = await reader.read('from-browser');
    expect(told.lines).toEqual(expected);
    expect(told.thread).toMatchObject({ trace_count: 2, inferred: false });
    const { thread_id } = traceShape.parse(await reader.ask(`/traces/${traceId}`));
    expect(thread_id).toBe('from-browser');
  });

  test('does so too when the message comes last, and leaves no thread behind', async () => {
    const traceId = await far('far-2');
    await reader.flush();
    expect((await reader.read(traceId)).messages).toHaveLength(2);
    track('late-browser', 'far-2');
    expect((await reader.read('late-browser')).lines).toEqual(expected);
    expect((await fetch(`${reader.url}/api/v1/threads/${traceId}`)).status).toBe(404);
  });

  test('is enough for feedback, which may come before the message', async () => {
    trackFeedback('far-3', { thumb: 'up' }, { userId: 'ada' });
    await reader.flush();
    track('judged', 'far-3');
    const { messages } = await reader.read('judged');
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
    expect((await reader.read(thread.id)).lines).toEqual([
      'user: Hello (tracked)',
      'assistant: Hi! (tracked)',
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
    expect((await reader.read(thread.id)).lines).toEqual([
      'user: Joke? (both)',
      'assistant: A better one (both)',
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
  const told = await reader.read('around');
  expect(told.thread).toMatchObject({ user_ids: ['ada'], tags: ['vip'] });
  expect(told.lines).toEqual(['user: Who am I? (derived)', 'assistant: Echo: Who am I? (derived)']);
  expect(traceId).not.toBe('');
});
