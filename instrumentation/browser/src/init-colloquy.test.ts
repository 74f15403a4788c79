import { context, createContextKey, SpanKind, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  initColloquy,
  openThread,
  trackFeedback,
  withParent,
  withThread,
  wrapModel,
  type Colloquy,
} from './index.js';
import { startReceiver, type Receiver } from './testing/receiver.js';

let receiver: Receiver;
let colloquy: Colloquy | undefined;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await colloquy?.shutdown();
  colloquy = undefined;
  trace.disable();
  context.disable();
  await receiver.stop();
});

const start = (): Colloquy => {
  colloquy = initColloquy({ url: `${receiver.url}/`, publicKey: 'pk-1', serviceName: 'shop' });
  return colloquy;
};

interface AttributeJson {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface RequestJson {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly AttributeJson[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly { readonly attributes: readonly AttributeJson[] }[];
    }[];
  }[];
}

const toObject = (attributes: readonly AttributeJson[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const requests = (): readonly RequestJson[] =>
  receiver.received.map(({ body }) => JSON.parse(body) as RequestJson);

const spanAttributes = (): readonly Readonly<Record<string, unknown>>[] =>
  requests().flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map(({ attributes }) => toObject(attributes))),
    ),
  );

test('messages, events and feedback are sent with the public key', async () => {
  const { flush } = start();
  const thread = openThread({ id: 't1', userId: 'ada' });
  const id = thread.trackMessage({ role: 'user', content: 'Hello' });
  thread.trackEvent('opened', { page: 1 });
  trackFeedback(id, { thumb: 'up' });
  await flush();
  expect(receiver.received).toMatchObject([
    {
      path: '/v1/traces',
      headers: { authorization: 'Bearer pk-1', 'content-type': 'application/json' },
    },
  ]);
  const [resource] = requests().map(({ resourceSpans }) => resourceSpans[0]?.resource);
  expect(toObject(resource?.attributes ?? [])).toMatchObject({ 'service.name': 'shop' });
  expect(spanAttributes()).toMatchObject([
    {
      'colloquy.span.kind': 'message',
      'colloquy.message.id': id,
      'colloquy.thread.id': 't1',
      'user.id': 'ada',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Hello' }] },
      ]),
    },
    { 'colloquy.span.kind': 'event', 'colloquy.event.name': 'opened' },
    { 'colloquy.span.kind': 'feedback', 'colloquy.message.id': id },
  ]);
});

test('what anyone records inside a thread belongs to it, up to the first await', async () => {
  const { flush } = start();
  const ask = wrapModel(() => 'Hi', { model: 'small' });
  await withThread('t2', () => withParent('m1', () => ask()));
  withThread('t2', () => {
    trace.getTracer('other').startActiveSpan('render', { kind: SpanKind.CLIENT }, (span) => {
      trace.getTracer('other').startSpan('inner').end();
      span.end();
    });
  });
  trace.getTracer('other').startSpan('outside').end();
  await flush();
  expect(receiver.names()).toEqual(['chat small', 'inner', 'render', 'outside']);
  expect(spanAttributes().map((attributes) => attributes['colloquy.thread.id'])).toEqual([
    't2',
    't2',
    't2',
    undefined,
  ]);
  expect(spanAttributes()[0]).toMatchObject({ 'colloquy.parent.message_id': 'm1' });
});

describe('an application with tracing of its own', () => {
  test('keeps its spans, and its sampling loses no messages', async () => {
    const exporter = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    const { flush } = start();
    trace.getTracer('app').startSpan('click').end();
    openThread().trackMessage({ role: 'user', content: 'Hello' });
    await flush();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['click']);
    expect(receiver.names()).toEqual(['message user']);
  });

  test('keeps it when reporting ends', async () => {
    const provider = new BasicTracerProvider();
    trace.setGlobalTracerProvider(provider);
    await start().shutdown();
    expect(trace.getTracer('app').startSpan('click').isRecording()).toBe(true);
  });
});

test('sending leaves no spans, whoever traces fetch', async () => {
  const { flush } = start();
  const { fetch: original } = globalThis;
  globalThis.fetch = async (input, init) => {
    const span = trace.getTracer('fetch').startSpan('POST');
    const response = await original(input, init);
    span.end();
    return response;
  };
  openThread().trackMessage({ role: 'user', content: 'Hello' });
  await flush();
  await flush();
  globalThis.fetch = original;
  expect(receiver.names()).toEqual(['message user']);
});

test('a second call changes nothing', async () => {
  const first = start();
  expect(initColloquy({ url: 'http://127.0.0.1:1', publicKey: 'other' })).toBe(first);
  openThread().trackMessage({ role: 'user', content: 'Hello' });
  await first.flush();
  expect(receiver.names()).toEqual(['message user']);
});

test('after its end it can be set up anew, and leaves nothing behind', async () => {
  await start().shutdown();
  const key = createContextKey('any');
  context.with(context.active().setValue(key, 1), () => {
    expect(context.active().getValue(key)).toBeUndefined();
  });
  expect(trace.getTracer('app').startSpan('click').isRecording()).toBe(false);
  const { flush } = start();
  openThread().trackMessage({ role: 'user', content: 'Hello' });
  await flush();
  expect(receiver.names()).toEqual(['message user']);
});

test('the page goes on where a build has left the url empty', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const nothing = initColloquy({ url: undefined as unknown as string, publicKey: '' });
  openThread().trackMessage({ role: 'user', content: 'Hello' });
  await nothing.flush();
  await nothing.shutdown();
  expect(nothing.dropped).toBe(0);
  expect(warn.mock.calls).toEqual([[expect.stringContaining('no url')]]);
  warn.mockRestore();
});
