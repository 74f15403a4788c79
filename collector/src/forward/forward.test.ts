import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { listen } from '@colloquy/fake-provider';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Frame } from '../spool/frame.js';
import { Spool } from '../spool/spool.js';
import { createDataDir } from '../store/testing/data-dir.js';
import { Forward, FORWARD_READER } from './forward.js';

interface Got {
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly key: IncomingMessage['headers'][string];
  readonly body: string;
}

const dataDir = createDataDir();
let made = 0;
let spool: Spool;
let server: Server;
let url: string;
let got: Got[];
/** What the backend answers, one after the other; then 200. */
let answers: number[];
let reports: string[];

beforeEach(async () => {
  got = [];
  answers = [];
  reports = [];
  server = createServer((request, response) => void answer(request, response));
  url = await listen(server);
  made += 1;
  spool = await Spool.open({
    folder: join(dataDir, String(made)),
    maxBytes: 4_000,
    reserveBytes: 0,
    segmentBytes: 200,
    readers: ['store', FORWARD_READER],
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = gunzipSync(await buffer(request)).toString();
  const status = answers.shift() ?? 200;
  const { url: path, headers } = request;
  if (status === 200)
    got.push({ path, type: headers['content-type'], key: headers['x-key'], body });
  response.writeHead(status).end();
}

afterEach(async () => {
  await spool.close();
  server.close().closeAllConnections();
});

const start = (): Forward =>
  new Forward({
    spool,
    url,
    headers: { 'x-key': 'k' },
    before: 'store',
    report: (message) => reports.push(message),
  });

const request = (name: string, more: Partial<Frame> = {}): Frame => ({
  projectId: 'shop',
  signal: 'traces',
  encoding: 'protobuf',
  items: 2,
  receivedAt: 1,
  body: Buffer.from(name),
  ...more,
});

test('passes requests on as they came, in their order, each once', async () => {
  await spool.append(request('one'));
  const forward = start();
  await spool.append(request('{"two":2}', { signal: 'logs', encoding: 'json' }));
  await vi.waitFor(() => expect(forward.counts.forwarded).toBe(4));
  await forward.stop();
  const again = start();
  await spool.append(request('three'));
  await vi.waitFor(() => expect(got).toHaveLength(3));
  await again.stop();
  expect(got).toEqual([
    { path: '/v1/traces', type: 'application/x-protobuf', key: 'k', body: 'one' },
    { path: '/v1/logs', type: 'application/json', key: 'k', body: '{"two":2}' },
    { path: '/v1/traces', type: 'application/x-protobuf', key: 'k', body: 'three' },
  ]);
  expect(reports).toEqual([]);
});

test('tries again while the backend is away, and goes on after what it refuses', async () => {
  answers = [503, 429, 200, 400];
  const forward = start();
  await spool.append(request('one'));
  await spool.append(request('bad'));
  await spool.append(request('three'));
  await vi.waitFor(() => expect(got.map(({ body }) => body)).toEqual(['one', 'three']), 10_000);
  await forward.stop();
  expect(forward.counts).toEqual({ forwarded: 4, refused: 2, skippedBytes: 0 });
  expect(reports).toEqual([
    'Forwarding waits and tries again: the backend answered 503.',
    'A request was not forwarded: the backend answered 400.',
  ]);
});

test('holds up nobody when the backend stays away: what is stored is left out', async () => {
  answers = Array.from({ length: 1_000 }, () => 503);
  for (let index = 0; spool.bytes < 3_000; index += 1) await spool.append(request(`r${index}`));
  await spool.commit('store', spool.end);
  const forward = start();
  await vi.waitFor(() => expect(forward.counts.skippedBytes).toBeGreaterThan(2_000), 10_000);
  answers = [];
  await spool.append(request('new'));
  await vi.waitFor(() => expect(got.map(({ body }) => body)).toEqual(['new']), 10_000);
  await forward.stop();
});
