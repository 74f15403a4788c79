import { once } from 'node:events';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { HTTP_LIMITS, type HttpServer, startHttpServer } from './http-server.js';
import { createOtlpApp } from './receivers/otlp/app.js';
import { OtlpCounters } from './receivers/otlp/counters.js';
import { RecordingIntake } from './receivers/otlp/recording-intake.js';
import { jsonTraces, spanJson } from './receivers/otlp/sample-requests.js';
import { TlsFiles } from './tls.js';

const LIMITS = { ...HTTP_LIMITS, headersMs: 200, requestMs: 400, checkMs: 50, maxConnections: 20 };
const PATIENT = { ...LIMITS, headersMs: 30_000, requestMs: 30_000 };

const sockets: Socket[] = [];
let server: HttpServer;
let intake: RecordingIntake;

async function start(options: Parameters<typeof startHttpServer>[2]): Promise<void> {
  intake = new RecordingIntake();
  const app = createOtlpApp({ intake, counters: new OtlpCounters() });
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return new Response('late');
  });
  server = await startHttpServer(app, { host: '127.0.0.1', port: 0 }, options);
}

/** A connection on which that much is sent. */
async function open(head = ''): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  // That it is cut off is what is looked for.
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

const post = async (): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: new Uint8Array(jsonTraces([spanJson()])),
  });
  await response.arrayBuffer();
  return response.status;
};

const HEAD = 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
const BODY = `${HEAD}content-length: 100\r\n\r\n{"resourceSpans":`;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

describe('a client that takes its time', () => {
  test.each([
    ['sends nothing', ''],
    ['never ends its headers', HEAD],
    ['never ends its body', BODY],
  ])('is cut off when it %s', async (_, head) => {
    await start({ limits: LIMITS });
    const since = performance.now();
    const socket = await open(head);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - since).toBeGreaterThan(150);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(intake.requests).toEqual([]);
  });

  test('leaves nothing when it goes away in the middle of an upload', async () => {
    await start({ limits: PATIENT });
    const upload = await open(BODY);
    upload.destroy();
    expect(await post()).toBe(200);
    expect(intake.requests).toHaveLength(1);
  });
});

describe('more connections than are held', () => {
  test.each([
    ['idle', ''],
    ['in their headers', HEAD],
    ['in their bodies', BODY],
  ])('keep no good client out: all %s', async (_, head) => {
    await start({ limits: PATIENT });
    for (let count = 0; count < 3 * PATIENT.maxConnections; count += 1) await open(head);
    expect(await post()).toBe(200);
    await expect
      .poll(() => sockets.filter(({ closed }) => !closed).length)
      .toBeLessThanOrEqual(PATIENT.maxConnections);
  });

  test('close none that is being answered', async () => {
    await start({ limits: PATIENT });
    const answer = once(get(`http://127.0.0.1:${server.port}/slow`), 'response');
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let count = 0; count < 2 * PATIENT.maxConnections; count += 1) await open();
    const [response] = await answer;
    expect(await text(response)).toBe('late');
  });

  test('close none that has just been used', async () => {
    await start({ limits: PATIENT });
    const used = await open();
    for (let count = 1; count < PATIENT.maxConnections; count += 1) await open();
    used.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(used, 'data');
    for (let count = 1; count < PATIENT.maxConnections; count += 1) await open();
    expect(used.closed).toBe(false);
    expect(await post()).toBe(200);
  });

  test('keep no good client out over TLS', async () => {
    const file = (name: string): string =>
      fileURLToPath(new URL(`../test/tls/${name}`, import.meta.url));
    await start({
      tls: new TlsFiles(file('first.cert.pem'), file('first.key.pem')),
      limits: PATIENT,
    });
    for (let count = 0; count < 2 * PATIENT.maxConnections; count += 1) await open();
    const options = { rejectUnauthorized: false, agent: false } as const;
    const url = `https://127.0.0.1:${server.port}/slow`;
    const [response] = await once(getSecurely(url, options), 'response');
    expect(await text(response)).toBe('late');
    await expect
      .poll(() => sockets.filter(({ closed }) => !closed).length)
      .toBeLessThanOrEqual(PATIENT.maxConnections);
  });
});
