import { threadListShape } from '@colloquy/schema';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSdkSpans, exportWith } from '../receivers/otlp/sdk-telemetry.js';
import { chatRequest } from './testing/chat-request.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from './testing/locked-service.js';

const ORIGIN = 'https://app.example.com';
const SPANS = { resourceSpans: [] };
const spans = [...createSdkSpans()];

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ flags: ['--cors-origins', 'https://inside.example.com'] });
});

afterAll(() => service.stop());

const EXPORTERS = {
  'HTTP in JSON': () => new JsonTraceExporter({ url: `${service.httpUrl}/v1/traces` }),
  'HTTP in protobuf': () => new ProtobufTraceExporter({ url: `${service.httpUrl}/v1/traces` }),
  gRPC: () => new GrpcTraceExporter({ url: `http://${service.grpcAddress}` }),
};

const HEADERS = {
  'x-api-key': (key: string) => `x-api-key=${key}`,
  Bearer: (key: string) => `Authorization=Bearer%20${key}`,
};

/** Exports as an application does whose key is in its environment. */
async function exportSpans(createExporter: () => JsonTraceExporter, headers: string) {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', headers);
  const exporter = createExporter();
  vi.unstubAllEnvs();
  const result = await exportWith(exporter, spans);
  await exporter.shutdown();
  return result;
}

describe.each(Object.entries(EXPORTERS))('the JS exporter over %s', (_, createExporter) => {
  test.each(Object.entries(HEADERS))('delivers with a key as %s', async (_name, headerOf) => {
    const { key } = await service.makeKey({ project_id: 'default', scopes: ['ingest'] });
    expect(await exportSpans(createExporter, headerOf(key))).toEqual({ code: 0 });
  });

  test('gives up at once without a key, with a wrong one, and without the scope', async () => {
    const { key } = await service.makeKey({ project_id: 'default', scopes: ['read'] });
    const since = performance.now();
    for (const headers of ['', 'x-api-key=clq_wrong', `x-api-key=${key}`]) {
      // oxlint-disable-next-line no-await-in-loop -- the time of all is measured
      const { code, error } = await exportSpans(createExporter, headers);
      expect(code).toBe(1);
      expect(String(error)).not.toContain(key);
    }
    // A retry would wait for a second each.
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  test('tells of a body that is too large for the key', async () => {
    const limits = { max_body_bytes: 100 };
    const fields = { project_id: 'default', scopes: ['ingest'], ...limits };
    const { key } = await service.makeKey(fields);
    expect((await exportSpans(createExporter, `x-api-key=${key}`)).code).toBe(1);
  });
});

describe('limits of a key', () => {
  const send = async (key: string, text = ''): Promise<Response> => {
    const body = chatRequest({
      threadId: 't',
      traceId: 'a1'.repeat(16),
      spanId: 'b2'.repeat(8),
      text,
    });
    return service.ask(key, '/v1/traces', post(body));
  };

  test('on requests: 429 says when to come back, at most 8 s, and then lets in', async () => {
    const fields = { project_id: 'default', scopes: ['ingest'], requests_per_second: 0.4 };
    const { key } = await service.makeKey(fields);
    const other = await service.makeKey(fields);
    expect((await send(key)).status).toBe(200);
    expect((await send(key)).status).toBe(200);
    const refused = await send(key);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(8);
    expect((await send(other.key)).status).toBe(200);
    await vi.waitFor(async () => expect((await send(key)).status).toBe(200), {
      timeout: seconds * 1_000 + 1_000,
      interval: 250,
    });
  });

  test('on bytes: one that is larger than all that may come at once gets through, and the next waits', async () => {
    const fields = { project_id: 'default', scopes: ['ingest'], bytes_per_second: 100 };
    const { key } = await service.makeKey(fields);
    expect((await send(key, 'x'.repeat(5_000))).status).toBe(200);
    const refused = await send(key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('8');
  });

  test('on a body: 413, announced or not, compressed or not', async () => {
    const fields = { project_id: 'default', scopes: ['ingest'], max_body_bytes: 2_000 };
    const { key } = await service.makeKey(fields);
    expect((await send(key)).status).toBe(200);
    expect((await send(key, 'x'.repeat(2_000))).status).toBe(413);
    const stream = new Blob(['x'.repeat(3_000)]).stream();
    const zipped = new Blob([`{"x":"${'x'.repeat(3_000)}"}`])
      .stream()
      .pipeThrough(new CompressionStream('gzip'));
    const ask = async (body: ReadableStream, headers: Readonly<Record<string, string>>) =>
      (
        await service.ask(key, '/v1/traces', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
          duplex: 'half',
        })
      ).status;
    expect(await ask(stream, {})).toBe(413);
    expect(await ask(zipped, { 'content-encoding': 'gzip' })).toBe(413);
  });
});

test('a large body is not read from whoever has no key', async () => {
  const body = 'x'.repeat(20_000_000);
  const headers = { 'content-type': 'application/json' };
  const refused = await service.ask('no-key', '/v1/traces', { method: 'POST', headers, body });
  expect(refused.status).toBe(401);
  const { status } = await service.ask(undefined, '/healthz');
  expect(status).toBe(200);
});

describe('a page', () => {
  const sendFrom = async (key: string | undefined, origin: string | undefined) =>
    service.ask(key, '/v1/traces', post(SPANS, origin === undefined ? {} : { origin }));
  const shownTo = ({ headers }: Response): string | null =>
    headers.get('access-control-allow-origin');

  test('sends with a key of its origin; other pages and servers may not', async () => {
    const { key } = await service.makeKey({
      project_id: 'default',
      scopes: ['public-ingest'],
      origins: [ORIGIN],
    });
    expect(key).toMatch(/^clq_pub_/);
    const sent = await sendFrom(key, ORIGIN);
    expect({ status: sent.status, shownTo: shownTo(sent) }).toEqual({
      status: 200,
      shownTo: ORIGIN,
    });
    const elsewhere = 'https://elsewhere.example.com';
    const refused = await sendFrom(key, elsewhere);
    // The page can read why, and does not take it for a network that is away.
    expect({ status: refused.status, shownTo: shownTo(refused) }).toEqual({
      status: 403,
      shownTo: elsewhere,
    });
    for (const origin of [undefined, 'null', 'http://app.example.com', `${ORIGIN}.evil.example`])
      expect((await sendFrom(key, origin)).status).toBe(403);
    expect(
      (await service.ask(key, '/api/v1/threads', { headers: { origin: ORIGIN } })).status,
    ).toBe(403);
  });

  test('is asked for nothing before it sends, and learns nothing from that', async () => {
    const ask = async (origin: string) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      };
      const { status, headers: answered } = await service.ask(undefined, '/v1/traces', {
        method: 'OPTIONS',
        headers,
      });
      return [status, answered.get('access-control-allow-methods')];
    };
    expect(await ask(ORIGIN)).toEqual([204, 'GET,HEAD,POST']);
    expect(await ask('https://unknown.example.com')).toEqual(await ask(ORIGIN));
  });

  test('of no key uses one for servers only where the collector lets its origin in', async () => {
    const { key } = await service.makeKey({ project_id: 'default', scopes: ['admin'] });
    const read = async (origin: string) =>
      service.ask(key, '/api/v1/threads', { headers: { origin } });
    expect((await read('https://inside.example.com')).status).toBe(200);
    expect((await read(service.httpUrl)).status).toBe(200);
    const refused = await read(ORIGIN);
    expect({ status: refused.status, shownTo: shownTo(refused) }).toEqual({
      status: 403,
      shownTo: null,
    });
    expect((await sendFrom(key, ORIGIN)).status).toBe(403);
  });
});

test('what was refused is counted', async () => {
  const answer = await service.ask(BOOTSTRAP_KEY, '/api/v1/status');
  expect(await answer.json()).toMatchObject({
    denied: {
      UNAUTHENTICATED: expect.any(Number) as number,
      FORBIDDEN: expect.any(Number) as number,
      RATE_LIMITED: expect.any(Number) as number,
    },
  });
});

test('all that was let in is in the project of its key', async () => {
  const list = async () =>
    threadListShape.parse(await (await service.ask(BOOTSTRAP_KEY, '/api/v1/threads')).json());
  await vi.waitUntil(async () => (await list()).total > 0, 10_000);
  expect(service.reports).toEqual([]);
});
