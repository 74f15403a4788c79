import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  encodeThreadId,
  messageListShape,
  threadDetailShape,
  type ThreadListAnswer,
  threadListShape,
} from '@colloquy/schema';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS } from '../errors.js';
import { loadRecording } from '../recordings/load-recording.js';
import { openClient } from '../store/client.js';
import { loadThreads } from '../thread-loader.js';
import { createQueryApp } from './app.js';
import { createAsker, type Asker } from './testing/ask.js';
import { openTestStore, type TestStore } from './testing/test-store.js';
import { telemetryOf, vary } from './testing/vary.js';

const ODD_IDS = [
  `a/b c/é😀%2F?#&'"\\`,
  '/',
  '.',
  '..',
  '~.',
  '~~..',
  '~',
  '%',
  '%2e%2e',
  '+ +',
  'tab\tand\nline',
  'nul\u0000',
  '{x:String}',
  ':thread_id',
  '*',
  'messages',
  'x/😀'.repeat(250),
  'y'.repeat(1000),
];

let store: TestStore;
let asker: Asker;

beforeAll(async () => {
  store = await openTestStore();
  const recording = loadRecording('ai-v6');
  const { spans } = telemetryOf(recording);
  const first = { spans: spans.filter(({ traceId }) => traceId === spans[0]?.traceId), logs: [] };
  const copies = ODD_IDS.map((threadId) =>
    vary(first, recording.expected.threadId, { threadId, salt: threadId }),
  );
  await store.write({ spans: copies.flatMap((copy) => copy.spans), logs: [] });
  asker = createAsker(store);
});
afterAll(() => store.close());

describe('odd thread ids', () => {
  test.each(ODD_IDS)('%j is found in every route', async (threadId) => {
    const path = `/threads/${encodeThreadId(threadId)}`;
    const thread = await asker.get(threadDetailShape, path);
    expect(thread.thread_id).toBe(threadId);
    const { messages } = await asker.get(messageListShape, `${path}/messages?limit=1`);
    expect(messages).toHaveLength(1);
  });

  test('come through lists and cursors', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: ThreadListAnswer = await asker.get(threadListShape, `/threads?limit=2${query}`);
      ids.push(...page.threads.map(({ thread_id }) => thread_id));
      cursor = page.next_cursor;
    }
    expect(ids.toSorted()).toEqual(ODD_IDS.toSorted());
  });

  test('come through a real server', async () => {
    const app = new Hono().route('/api/v1', createQueryApp({ client: store.client, loadThreads }));
    const handle = getRequestListener(app.fetch);
    const server = createServer((request, response) => void handle(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      for (const threadId of ODD_IDS) {
        const url = `http://127.0.0.1:${port}/api/v1/threads/${encodeThreadId(threadId)}`;
        const answer = threadDetailShape.parse(await (await fetch(url)).json());
        expect(answer.thread_id).toBe(threadId);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

function failUnforeseen(): never {
  throw new Error('SELECT secret');
}

describe('problems', () => {
  test.each(['/nothing', '', '/', '/threads/', '/threads/a/b', '/traces'])(
    'answers 404 for %j',
    async (path) => {
      const problem = await asker.getProblem(path);
      expect(problem).toMatchObject({ status: 404, type: 'urn:colloquy:problem:not-found' });
    },
  );

  test.each(['/threads', '/threads/a', `/traces/${'0'.repeat(32)}`, '/openapi.json'])(
    'answers 405 for a POST to %s',
    async (path) => {
      const response = await asker.request(path, { method: 'POST', body: '{}' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    },
  );

  test('answers 503 and no secret while ClickHouse is away', async () => {
    const options = { username: 'someone', password: 'geheim', database: 'colloquy' };
    const client = openClient({ url: 'http://127.0.0.1:1', ...options });
    const away = createAsker({ client });
    for (const path of ['/threads', '/threads/a', `/traces/${'0'.repeat(32)}`]) {
      const problem = await away.getProblem(path);
      expect(problem).toMatchObject({ status: 503, title: ERRORS.STORE_UNAVAILABLE.title });
      expect(JSON.stringify(problem)).not.toMatch(/geheim|someone|127\.0\.0\.1|SELECT/);
    }
    expect((await away.request('/threads')).headers.get('retry-after')).toBe('2');
    await client.close();
  });

  test('answers 500 without a word of what went wrong, and tells the collector', async () => {
    const told: unknown[] = [];
    const broken = createAsker({
      ...store,
      projectOf: failUnforeseen,
      onInternalError: (error) => told.push(error),
    });
    const problem = await broken.getProblem('/threads');
    expect(problem).toMatchObject({ status: 500 });
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(told).toEqual([expect.objectContaining({ message: 'SELECT secret' })]);
  });
});

describe('GET /openapi.json', () => {
  test('documents every route with its answer', async () => {
    const document = (await (await asker.request('/openapi.json')).json()) as {
      readonly servers: unknown;
      readonly paths: Record<string, { readonly get: { readonly responses: object } }>;
    };
    expect(document.servers).toEqual([{ url: '/api/v1' }]);
    expect(Object.keys(document.paths)).toEqual([
      '/threads',
      '/threads/{thread_id}',
      '/threads/{thread_id}/messages',
      '/messages',
      '/threads/{thread_id}/reconcile',
      '/threads/{thread_id}/logs',
      '/traces/{trace_id}',
      '/traces/{trace_id}/spans/{span_id}/context',
      '/doctor',
    ]);
    for (const { get } of Object.values(document.paths))
      expect(Object.keys(get.responses)).toEqual(['200', '400', '401', '403', '404', '429', '503']);
  });
});
