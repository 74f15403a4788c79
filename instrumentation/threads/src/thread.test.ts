import { context, propagation, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { checkSpan } from '@colloquy/genai-conventions';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configure, openThread, trackFeedback, withParent, withThread } from './index.js';
import { record } from './testing/recorder.js';

let recorder: ReturnType<typeof record>;
beforeEach(() => {
  recorder = record();
});
afterEach(async () => {
  const faults = recorder.spans().flatMap(checkSpan);
  await recorder.stop();
  expect(faults).toEqual([]);
});

const only = (): ReadableSpan => {
  const [span, ...others] = recorder.spans();
  expect(others).toEqual([]);
  return span as ReadableSpan;
};
const attributes = (): readonly ReadableSpan['attributes'][] =>
  recorder.spans().map((span) => span.attributes);

describe('trackMessage', () => {
  test('reports a question as what the model is sent', () => {
    const thread = openThread({ id: 't1', tags: ['support'], userId: 'ada' });
    const id = thread.trackMessage({ role: 'user', content: 'Hello' });
    expect(only().name).toBe('message user');
    expect(only().attributes).toEqual({
      'colloquy.span.kind': 'message',
      'colloquy.message.id': id,
      'colloquy.thread.id': 't1',
      'colloquy.thread.tags': ['support'],
      'gen_ai.conversation.id': 't1',
      'session.id': 't1',
      'user.id': 'ada',
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
    });
  });

  test('reports an answer as what the model says', () => {
    openThread().trackMessage({ role: 'assistant', content: 'Hi' });
    expect(only().attributes['gen_ai.output.messages']).toBe(
      '[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]',
    );
  });

  test('keeps the id that it is given, and what the message replaces and follows', () => {
    const thread = openThread();
    const id = thread.trackMessage({
      role: 'user',
      content: 'Again',
      id: 'm2',
      replaces: 'm1',
      parentId: 'm0',
      metadata: { channel: 'web' },
    });
    expect(id).toBe('m2');
    expect(only().attributes).toMatchObject({
      'colloquy.message.id': 'm2',
      'colloquy.message.replaces': 'm1',
      'colloquy.message.parent_id': 'm0',
      'colloquy.message.metadata': '{"channel":"web"}',
    });
  });

  test('gives every message a time of its own', () => {
    const thread = openThread();
    for (let index = 0; index < 100; index += 1)
      thread.trackMessage({ role: 'user', content: `${index}` });
    const times = recorder.spans().map(({ startTime: [s, ns] }) => s * 1e6 + ns / 1e3);
    expect(new Set(times).size).toBe(100);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  test('survives what has no JSON, and the message with it', () => {
    const loop: Record<string, unknown> = { n: 1n };
    loop['self'] = loop;
    const thread = openThread({ metadata: loop });
    thread.trackMessage({ role: 'user', content: 'Hello', metadata: loop });
    expect(only().attributes['colloquy.message.metadata']).toBe('{"n":"1","self":"[circular]"}');
  });

  test('masks content, and sends none where the mask fails', () => {
    configure({ mask: (message) => ({ ...message, parts: [{ type: 'text', content: '***' }] }) });
    openThread().trackMessage({ role: 'user', content: 'my card is 4111' });
    configure({
      mask: () => {
        throw new Error('no');
      },
    });
    openThread().trackMessage({ role: 'user', content: 'my card is 4111' });
    configure({ mask: (message) => message });
    expect(attributes().map((each) => each['gen_ai.input.messages'])).toEqual([
      '[{"role":"user","parts":[{"type":"text","content":"***"}]}]',
      '[{"role":"user","parts":[{"type":"text","content":"[redacted]"}]}]',
    ]);
  });
});

test('trackEvent tells what happened and who did it', () => {
  const thread = openThread({ id: 't1' });
  thread.trackEvent('open-document', { name: 'a.pdf' }, { userId: 'u', userProps: { plan: 'x' } });
  expect(only().attributes).toMatchObject({
    'colloquy.span.kind': 'event',
    'colloquy.event.name': 'open-document',
    'colloquy.event.metadata': '{"name":"a.pdf"}',
    'user.id': 'u',
    'colloquy.user.props': '{"plan":"x"}',
    'colloquy.thread.id': 't1',
  });
});

describe('trackFeedback', () => {
  test('finds the thread of a message that was tracked here', () => {
    const id = openThread({ id: 't1' }).trackMessage({ role: 'assistant', content: 'Hi' });
    trackFeedback(id, { thumb: 'up' });
    expect(recorder.spans()[1]?.attributes).toMatchObject({
      'colloquy.span.kind': 'feedback',
      'colloquy.message.id': id,
      'colloquy.feedback': '{"thumb":"up"}',
      'colloquy.thread.id': 't1',
    });
  });

  test('needs nothing but the id of a message that was tracked elsewhere', () => {
    trackFeedback('elsewhere', { thumb: null });
    expect(only().attributes).toEqual({
      'colloquy.span.kind': 'feedback',
      'colloquy.message.id': 'elsewhere',
      'colloquy.feedback': '{"thumb":null}',
    });
  });
});

describe('run', () => {
  const work = (name: string): void => trace.getTracer('other').startSpan(name).end();

  test('puts every span inside into the thread, after a wait too', async () => {
    await withThread({ id: 't1', tags: ['a'], userId: 'ada', metadata: { n: 1 } }, async () => {
      work('one');
      await Promise.resolve();
      work('two');
    });
    work('outside');
    expect(attributes()).toEqual([
      expect.objectContaining({ 'colloquy.thread.id': 't1', 'user.id': 'ada' }),
      expect.objectContaining({ 'colloquy.thread.id': 't1', 'colloquy.metadata.n': 1 }),
      {},
    ]);
  });

  test('reaches the services that it calls by baggage', () => {
    const carrier: Record<string, string> = {};
    withThread({ id: 'té', tags: ['a', 'b,c'], userId: 'ada' }, () =>
      withParent('m1', () => propagation.inject(context.active(), carrier)),
    );
    context.with(propagation.extract(context.active(), carrier), () => work('far'));
    expect(only().attributes).toEqual({
      'colloquy.thread.id': 'té',
      'gen_ai.conversation.id': 'té',
      'session.id': 'té',
      'colloquy.thread.tags': ['a', 'b,c'],
      'user.id': 'ada',
      'colloquy.parent.message_id': 'm1',
    });
  });

  test('begins a trace of its own where the active one is of another thread', () => {
    const tracer = trace.getTracer('batch');
    tracer.startActiveSpan('batch', (batch) => {
      withThread('a', () => work('of a'));
      withThread('b', () => work('of b'));
      batch.end();
    });
    const [ofA, ofB, batch] = recorder.spans();
    expect(ofA?.spanContext().traceId).toBe(batch?.spanContext().traceId);
    expect(ofB?.spanContext().traceId).not.toBe(batch?.spanContext().traceId);
  });

  test('gives back what the function returns, and lets its error through', () => {
    expect(openThread().run(() => 7)).toBe(7);
    expect(() =>
      openThread().run(() => {
        throw new RangeError('mine');
      }),
    ).toThrow(RangeError);
  });
});

test('withParent ties spans to the message and to its thread', () => {
  const id = openThread({ id: 't1' }).trackMessage({ role: 'user', content: 'Hello' });
  withParent(id, () => trace.getTracer('other').startSpan('call').end());
  expect(recorder.spans()[1]?.attributes).toMatchObject({
    'colloquy.thread.id': 't1',
    'colloquy.parent.message_id': id,
  });
});
