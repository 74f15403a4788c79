import { messageListShape, threadListShape, threadTokenShape } from '@colloquy/schema';
import { openThread, trackFeedback } from '@colloquy/threads';
import { setTracerProvider } from '@colloquy/threads/instrumentation';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSdkSpans, exportWith } from '../receivers/otlp/sdk-telemetry.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from './testing/locked-service.js';

const THREAD = 'chat 1';

let service: TestService;
let key: { readonly key: string; readonly key_id: string };
let reader: string;

beforeAll(async () => {
  service = await startTestService();
  await service.ask(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id: 'shop' }));
  key = await service.makeKey({ project_id: 'shop', scopes: ['ingest'] });
  reader = (await service.makeKey({ project_id: 'shop', scopes: ['read'] })).key;
});

afterAll(() => service.stop());

const askToken = async (fields: object = {}, shown = key.key): Promise<Response> =>
  service.ask(shown, `/api/v1/threads/${encodeURIComponent(THREAD)}/tokens`, post(fields));

const makeToken = async (fields: object = {}): Promise<string> =>
  threadTokenShape.parse(await (await askToken(fields)).json()).token;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** What a page reports with a token. Resolves once it has been answered. */
async function reportWith(token: string, report: () => void): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const exporter = new OTLPTraceExporter({ url: `${service.httpUrl}/v1/traces`, headers });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  setTracerProvider(provider);
  report();
  await provider.forceFlush();
  setTracerProvider(undefined);
  stops.push(() => provider.shutdown());
}

const messagesOf = async (threadId: string) => {
  const path = `/api/v1/threads/${encodeURIComponent(threadId)}/messages`;
  const response = await service.ask(reader, path);
  return response.status === 200 ? messageListShape.parse(await response.json()).messages : [];
};

const attribute = (name: string, stringValue: string): object => ({
  key: name,
  value: { stringValue },
});

interface Reported {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly span?: object;
}

/** A message of the thread, as it is sent, with what is changed about it. */
function messageRequest({ attributes = {}, resource = {}, span = {} }: Reported): object {
  const list = (named: Readonly<Record<string, string>>): readonly object[] =>
    Object.entries(named).map(([name, value]) => attribute(name, value));
  const message = {
    traceId: 'e5'.repeat(16),
    spanId: 'f6'.repeat(8),
    name: 'message',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000000000000',
    attributes: list({
      'colloquy.span.kind': 'message',
      'colloquy.thread.id': THREAD,
      'colloquy.message.id': 'm-1',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Mine?' }] },
      ]),
      ...attributes,
    }),
    ...span,
  };
  return {
    resourceSpans: [
      { resource: { attributes: list(resource) }, scopeSpans: [{ spans: [message] }] },
    ],
  };
}

const rejectedOf = async (token: string, request: object): Promise<unknown> => {
  const response = await service.ask(token, '/v1/traces', post(request));
  const { partialSuccess } = (await response.json()) as {
    partialSuccess?: { rejectedSpans: string; errorMessage: string };
  };
  return { status: response.status, rejected: Number(partialSuccess?.rejectedSpans ?? 0) };
};

describe('with a token', () => {
  test('a page without a key reports messages, events and feedback of its thread', async () => {
    const token = await makeToken({ user_id: 'ann' });
    await reportWith(token, () => {
      const thread = openThread({ id: THREAD, userId: 'ann', tags: ['web'] });
      const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
      const answer = thread.trackMessage({ role: 'assistant', content: 'Hello!' });
      trackFeedback(answer, { thumb: 'up' });
      thread.trackMessage({ role: 'user', content: 'Thanks.', metadata: { after: id } });
    });
    await vi.waitUntil(async () => (await messagesOf(THREAD)).length === 3, 10_000);
    const messages = await messagesOf(THREAD);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(messages[1])).toContain('"thumb":"up"');
  });

  test.each<[string, Reported]>([
    ['another thread', { attributes: { 'colloquy.thread.id': 'chat 2' } }],
    ['another session', { attributes: { 'session.id': 'chat 2' } }],
    ['another user', { attributes: { 'user.id': 'bob' } }],
    [
      'a thread under a name that is not known here',
      { attributes: { 'ai.telemetry.metadata.chatId': 'chat 2' } },
    ],
    ['a thread of the resource', { resource: { 'session.id': 'chat 2' } }],
    ['a model call', { attributes: { 'colloquy.span.kind': 'llm' } }],
    [
      'a link to another trace',
      { span: { links: [{ traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) }] } },
    ],
    ['an event of the span', { span: { events: [{ name: 'gen_ai.choice', timeUnixNano: '1' }] } }],
  ])('%s is refused, and the rest of the request taken', async (_, change) => {
    const token = await makeToken({ user_id: 'ann' });
    expect(await rejectedOf(token, messageRequest({}))).toEqual({ status: 200, rejected: 0 });
    const good = messageRequest({}) as { resourceSpans: readonly object[] };
    const bad = messageRequest(change) as { resourceSpans: readonly object[] };
    const both = { resourceSpans: [...bad.resourceSpans, ...good.resourceSpans] };
    expect(await rejectedOf(token, both)).toEqual({ status: 200, rejected: 1 });
  });

  test('what names no thread, or a message of another one, changes nothing there', async () => {
    const { key: own } = await service.makeKey({ project_id: 'shop', scopes: ['ingest'] });
    await reportWith(own, () => {
      openThread({ id: 'chat 2' }).trackMessage({ role: 'user', content: 'Theirs.', id: 'm-9' });
    });
    await vi.waitUntil(async () => (await messagesOf('chat 2')).length === 1, 10_000);
    const token = await makeToken();
    const feedback = {
      'colloquy.span.kind': 'feedback',
      'colloquy.message.id': 'm-9',
      'colloquy.feedback': '{"thumb":"down"}',
    };
    await rejectedOf(token, messageRequest({ attributes: feedback }));
    await rejectedOf(token, messageRequest({ attributes: { 'colloquy.message.replaces': 'm-9' } }));
    const list = async () =>
      threadListShape.parse(await (await service.ask(reader, '/api/v1/threads')).json());
    await vi.waitUntil(async () => (await list()).total >= 2, 10_000);
    const theirs = await messagesOf('chat 2');
    expect(theirs).toHaveLength(1);
    expect(JSON.stringify(theirs)).not.toContain('down');
  });

  test('nothing else can be done', async () => {
    const token = await makeToken();
    const ask = async (path: string, init?: RequestInit) =>
      (await service.ask(token, path, init)).status;
    expect(await ask('/api/v1/threads')).toBe(403);
    expect(await ask('/api/v1/threads/x/tokens', post({}))).toBe(403);
    expect(await ask('/v1/logs', post({ resourceLogs: [] }))).toBe(403);
    const headers = { authorization: `Bearer ${token}` };
    const url = `${service.httpUrl}/v1/traces`;
    const spans = [...createSdkSpans()];
    expect((await exportWith(new ProtobufTraceExporter({ url, headers }), spans)).code).toBe(1);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer%20${token}`);
    const grpc = new GrpcTraceExporter({ url: `http://${service.grpcAddress}` });
    vi.unstubAllEnvs();
    expect((await exportWith(grpc, spans)).code).toBe(1);
    await grpc.shutdown();
  });
});

describe('a token', () => {
  const send = async (token: string): Promise<number> =>
    (await service.ask(token, '/v1/traces', post(messageRequest({})))).status;

  test('that was changed, has expired, or whose key was revoked lets nobody in', async () => {
    const token = await makeToken({ expires_in_seconds: 1 });
    expect(await send(token)).toBe(200);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const encode = (object: object): string =>
      Buffer.from(JSON.stringify(object)).toString('base64url');
    const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    const none = { alg: 'none', kid: key.key_id };
    for (const forged of [
      `${head}.${encode({ ...decoded, thread_id: 'chat 2' })}.${signature}`,
      `${encode(none)}.${claims}.`,
      `${encode(none)}.${claims}.${signature}`,
      `${encode({ alg: 'EdDSA', kid: 'bootstrap' })}.${claims}.${signature}`,
    ])
      expect(await send(forged)).toBe(401);
    await vi.waitFor(async () => expect(await send(token)).toBe(401), 3_000);
    const { key: brief, key_id } = await service.makeKey({ project_id: 'shop', scopes: ['write'] });
    const { token: signed } = threadTokenShape.parse(await (await askToken({}, brief)).json());
    expect(await send(signed)).toBe(200);
    await service.ask(BOOTSTRAP_KEY, `/api/v1/keys/${key_id}`, { method: 'DELETE' });
    expect(await send(signed)).toBe(401);
  });

  test('is signed with a key to one project that may send or write', async () => {
    expect((await askToken({}, reader)).status).toBe(403);
    expect((await askToken({}, BOOTSTRAP_KEY)).status).toBe(409);
    expect((await askToken({ expires_in_seconds: 100_000 })).status).toBe(400);
  });
});

test('nothing unforeseen happened', () => {
  expect(service.reports).toEqual([]);
});
