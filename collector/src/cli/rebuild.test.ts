import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Pipeline } from '../pipeline.js';
import { loadRecording } from '../recordings/load-recording.js';
import { createRerunApp } from '../rerun/app.js';
import { openTestStore } from '../store/testing/open-test-store.js';
import { rebuild } from './rebuild.js';

const recording = loadRecording('ai-v6');
const spans = recording.requests.flatMap((request) => request.spans);

function fail(error: unknown): never {
  throw error;
}

let url = '';
let close: () => Promise<void>;

beforeAll(async () => {
  const { client } = await openTestStore();
  const pipeline = new Pipeline({ client, now: Date.now, onError: fail });
  await pipeline.consume({ projectId: 'default', bytes: 0, spans, logs: [] });
  const rerun = createRerunApp({
    client,
    now: Date.now,
    touch: (traces) => pipeline.touch(traces),
    settle: () => pipeline.settle(),
    onError: fail,
  });
  const app = new Hono().route('/api/v1', rerun);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(started),
    );
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    server.close();
    await pipeline.stop();
    await client.close();
  };
});
afterAll(() => close());

test('runs over everything, and says so', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await rebuild(['--url', url])).toBe(0);
    const printed = write.mock.calls.map(([text]) => String(text)).join('');
    expect(printed).toContain(`${spans.length} spans and log records read, 0 changed\n`);
  } finally {
    write.mockRestore();
  }
});

test('is not for forms of web pages', async () => {
  const headers = { 'content-type': 'text/plain', origin: 'http://elsewhere.example' };
  const response = await fetch(`${url}/api/v1/rebuild`, { method: 'POST', headers });
  expect(response.status).toBe(403);
});
