import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '@colloquy/fake-provider';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, inject, test, vi } from 'vitest';
import { readConfig } from '../config.js';
import { startService } from '../service.js';
import { createDataDir } from '../store/testing/data-dir.js';
import { INSTANCE_HEADER } from './own-traces.js';

const SECRET_WORDS = 'my card is 4111 1111 1111 1111';

interface Sent {
  readonly instance: string;
  readonly key: string;
  readonly text: string;
}

/** Another backend, which keeps what it is sent. */
async function startBackend() {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const { [INSTANCE_HEADER]: instance, 'x-key': key } = request.headers;
    void buffer(request).then((body) => {
      sent.push({ instance: String(instance), key: String(key), text: String(body) });
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const url = await listen(server);
  return { url, sent, stop: () => server.close().closeAllConnections() };
}

function configOf(argv: readonly string[]) {
  const { url, username, password } = inject('clickhouse');
  return readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', 'off', ...argv], {
    COLLOQUY_DATA_DIR: createDataDir(),
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'own_traces',
  });
}

async function sendQuestion(url: string): Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const input = [{ role: 'user', parts: [{ type: 'text', content: SECRET_WORDS }] }];
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.conversation.id': 'told of',
    'gen_ai.input.messages': JSON.stringify(input),
  };
  provider.getTracer('app').startSpan('chat', { attributes }).end();
  await provider.shutdown();
}

test('tells another backend of requests, inserts and rebuilds, without what they hold', async () => {
  const backend = await startBackend();
  const argv = ['--own-traces-url', backend.url, '--own-traces-headers', 'x-key=abc'];
  const service = await startService(configOf(argv), () => undefined);
  try {
    await sendQuestion(service.httpUrl);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${service.httpUrl}/api/v1/threads/told%20of`);
        expect(answer.status).toBe(200);
      },
      { timeout: 20_000, interval: 250 },
    );
    await fetch(`${service.httpUrl}/api/v1/messages?search=card`);
  } finally {
    await service.stop();
    backend.stop();
  }
  const all = backend.sent.map(({ text }) => text).join('\n');
  const names = Array.from(all.matchAll(/"name":"([^"]+)"/g), ([, name]) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'POST /v1/traces',
      'GET /api/v1/threads/:thread_id',
      'GET /api/v1/messages',
      'insert facts',
      'rebuild threads',
    ]),
  );
  expect(all).not.toMatch(/4111|told of|told%20of|search=/);
  expect(new Set(backend.sent.map(({ key }) => key))).toEqual(new Set(['abc']));
});

test('lets none of its own spans in, whatever way they come', async () => {
  const backend = await startBackend();
  const service = await startService(configOf(['--own-traces-url', backend.url]), () => undefined);
  try {
    await fetch(`${service.httpUrl}/healthz`);
    await fetch(`${service.httpUrl}/readyz`);
    await vi.waitFor(() => expect(backend.sent.length).toBeGreaterThan(0), { timeout: 10_000 });
    const [own] = backend.sent;
    const sendBack = async (instance: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', [INSTANCE_HEADER]: instance };
      const body = own?.text ?? '';
      return (await fetch(`${service.httpUrl}/v1/traces`, { method: 'POST', headers, body }))
        .status;
    };
    expect(await sendBack(own?.instance ?? '')).toBe(403);
    expect(await sendBack('another collector')).toBe(200);
  } finally {
    await service.stop();
    backend.stop();
  }
});

test.each([
  ['--own-traces-url', 'http://localhost:4318'],
  ['--forward-url', 'http://127.0.0.1:4318'],
])('does not start when %s is itself', async (setting, url) => {
  const config = configOf(['--listen', '127.0.0.1:4318', setting, url]);
  await expect(startService(config, () => undefined)).rejects.toThrow(
    `${setting} is ${url}, which is this collector itself`,
  );
});
