import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { createQueryApp } from '../query/app.js';
import { openTestStore, type TestStore } from '../query/testing/test-store.js';
import { loadThreads } from '../thread-loader.js';
import { doctor, renderReport } from './doctor.js';

let store: TestStore;
let server: ReturnType<typeof serve>;
let url = '';
let rejected = 0;

beforeAll(async () => {
  store = await openTestStore();
  const received = () => ({ traces: { rejected, dropped: 0 } });
  const app = new Hono().route('/api/v1', createQueryApp({ ...store, loadThreads, received }));
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await store.close();
});

/** What a run prints, and its exit code. */
async function run(...argv: readonly string[]) {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  try {
    const code = await doctor(['--url', url, ...argv]);
    return { code, printed: log.mock.calls.map(([line]) => String(line)).join('\n') };
  } finally {
    log.mockRestore();
  }
}

test('ends with 0 when there is nothing to mend', async () => {
  rejected = 0;
  const { code, printed } = await run();
  expect(code).toBe(0);
  expect(printed).toMatch(/^Nothing to mend in what was received since 20/);
});

test('ends with 1 and says what mends it', async () => {
  rejected = 3;
  const { code, printed } = await run();
  expect(code).toBe(1);
  expect(printed).toContain('Items that were refused since the start: 3 traces');
  expect(printed).toContain('OTEL_LOG_LEVEL=debug');
});

test('gives the answer as JSON', async () => {
  rejected = 1;
  const { printed } = await run('--json');
  expect(JSON.parse(printed)).toMatchObject({ findings: [{ check: 'refused_items', count: 1 }] });
});

test('says in a sentence that a value is wrong or nobody answers', async () => {
  await expect(run('--hours', 'x')).rejects.toThrow(/answers 400: /);
  await expect(doctor(['--url', 'http://127.0.0.1:1'])).rejects.toThrow(
    'No collector answers at http://127.0.0.1:1. Start it with npm start, or name another with --url.',
  );
});

test('shows the example and the emitter', () => {
  const finding = {
    check: 'no_thread_id',
    title: 'Model calls in traces that name no thread',
    unit: 'model calls',
    emitter: 'openinference',
    count: 4,
    example: { trace_id: 'abc', span_id: 'def', name: 'ChatCompletion', service: 'shop' },
    advice: 'Say it.',
    setting: null,
  };
  expect(renderReport({ since: '2026-01-01T00:00:00Z', findings: [finding] })).toBe(
    `Received since 2026-01-01T00:00:00Z:

Model calls in traces that name no thread (openinference): 4 model calls
  such as "ChatCompletion" of shop in trace abc
  Say it.`,
  );
});
