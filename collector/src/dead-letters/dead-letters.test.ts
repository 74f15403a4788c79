import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  deadLetterDetailShape,
  deadLetterListShape,
  replayShape,
  statusShape,
  threadListShape,
} from '@colloquy/schema';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chatRequest } from '../access/testing/chat-request.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from '../access/testing/locked-service.js';
import { openClient, selectRows } from '../store/client.js';
import { buryRequest } from '../store/dead-letters.js';

const execute = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Spans of one request, of a thread each. */
const SPANS = ['a', 'b', 'c'].map((name) => ({
  threadId: `thread ${name}`,
  traceId: name.repeat(32),
  spanId: name.repeat(16),
}));

let service: TestService;
let client: ClickHouseClient;
const keys: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService();
  client = openClient(service.store);
  for (const project_id of ['shop', 'bank', 'mill', 'inn']) {
    await service.ask(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id }));
    keys[project_id] = (await service.makeKey({ project_id, scopes: ['read', 'write'] })).key;
  }
});
afterAll(async () => {
  await client.close();
  await service.stop();
});

/** What the store refused of a request: the span in the middle. */
async function buryMiddle(receivedAt: number, projectId = 'shop'): Promise<void> {
  const requests = SPANS.map((span) => chatRequest(span) as { resourceSpans: unknown[] });
  const body = { resourceSpans: requests.flatMap(({ resourceSpans }) => resourceSpans) };
  await buryRequest(client, {
    frame: {
      projectId,
      signal: 'traces',
      encoding: 'json',
      items: SPANS.length,
      receivedAt,
      body: Buffer.from(JSON.stringify(body)),
    },
    refused: [{ place: 1, reason: 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE' }],
  });
}

const ask = async (path: string, init: RequestInit = {}, project = 'shop'): Promise<Response> =>
  service.ask(keys[project], `/api/v1/dead-letters${path}`, init);

const list = async (query = '', project = 'shop') =>
  deadLetterListShape.parse(await (await ask(query, {}, project)).json());

const show = async (id: string) => deadLetterDetailShape.parse(await (await ask(`/${id}`)).json());

async function threads(): Promise<readonly string[]> {
  const answer = await service.ask(keys['shop'], '/api/v1/threads');
  return threadListShape.parse(await answer.json()).threads.map(({ thread_id }) => thread_id);
}

test('are listed and shown, replayed item by item, and dropped', async () => {
  await buryMiddle(1_700_000_000_000);
  await buryMiddle(1_700_000_001_000);
  const first = await list('?limit=1');
  const second = await list(`?limit=1&cursor=${first.next_cursor}`);
  expect(second.next_cursor).toBeNull();
  const [newer, older] = [...first.dead_letters, ...second.dead_letters];
  expect([newer, older]).toMatchObject(
    ['2023-11-14T22:13:21.000000000Z', '2023-11-14T22:13:20.000000000Z'].map((received_at) => ({
      received_at,
      signal: 'traces',
      state: 'waiting',
      refused: 1,
      items: [{ place: 1, reason: 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE' }],
    })),
  );
  const id = newer?.letter_id ?? '';
  expect(await show(id)).toMatchObject({
    bytes: newer?.bytes,
    items: [
      {
        place: 1,
        span: { span_id: 'b'.repeat(16), attributes: { 'gen_ai.conversation.id': 'thread b' } },
        log: null,
      },
    ],
    next_cursor: null,
  });
  expect(newer?.bytes).toBeGreaterThan(1_000);

  const replay = await ask(`/${id}/replay`, post({}));
  expect(replay.status).toBe(202);
  expect(replayShape.parse(await replay.json())).toEqual({
    replayed: 1,
    items: 1,
    next_cursor: null,
  });
  await expect.poll(threads, { timeout: 10_000 }).toEqual(['thread b']);
  expect((await ask(`/${id}/replay`, post({}))).status).toBe(409);
  expect(await show(id)).toMatchObject({ state: 'replayed', bytes: 0, items: [{ span: null }] });

  const other = older?.letter_id ?? '';
  expect((await ask(`/${other}`, { method: 'DELETE' })).status).toBe(204);
  expect((await list('?state=waiting')).dead_letters).toEqual([]);
  expect((await list('?state=dropped')).dead_letters).toMatchObject([
    { letter_id: other, bytes: 0 },
  ]);
  const bodies = await selectRows<{ body: string }>(
    client,
    'SELECT body FROM dead_letters WHERE letter_id = {other:String}',
    { other },
  );
  expect(bodies).toEqual([{ body: '' }]);
});

test('of which nothing can be read wait again once they were replayed', async () => {
  const frame = { projectId: 'bank', signal: 'logs', encoding: 'protobuf', items: 3 } as const;
  await buryRequest(client, {
    frame: { ...frame, receivedAt: 1_700_000_000_000, body: Buffer.from([7, 7, 7]) },
    refused: [{ place: -1, reason: 'ColloquyError' }],
  });
  const [letter] = (await list('', 'bank')).dead_letters;
  expect(letter?.items).toEqual([{ place: null, reason: 'ColloquyError' }]);
  const replayed = replayShape.parse(await (await ask('/replay', post({}), 'bank')).json());
  expect(replayed).toEqual({ replayed: 1, items: 1, next_cursor: null });
  await expect
    .poll(async () => (await list('?state=waiting', 'bank')).dead_letters, { timeout: 10_000 })
    .toEqual([letter]);
});

test('are not seen, replayed or dropped by other projects or by forms of web pages', async () => {
  await buryMiddle(1_700_000_002_000);
  const { dead_letters: before } = await list('?state=waiting');
  const path = `/${before[0]?.letter_id}`;
  for (const [below, method] of [
    ['', 'GET'],
    ['/replay', 'POST'],
    ['', 'DELETE'],
  ] as const) {
    const init = method === 'POST' ? post({}) : { method };
    expect((await ask(`${path}${below}`, init, 'bank')).status).toBe(404);
  }
  const form = { method: 'POST', headers: { 'content-type': 'text/plain' } };
  expect((await ask(`${path}/replay`, form)).status).toBe(403);
  expect((await list('?state=waiting')).dead_letters).toEqual(before);
  expect(service.reports).toEqual([]);
});

test('are shown as the project wants its texts masked now', async () => {
  const { key } = await service.makeKey({ project_id: 'inn', scopes: ['admin'] });
  const settings = { ...post({ detectors: ['email'] }), method: 'PUT' };
  expect((await service.ask(key, '/api/v1/masking', settings)).status).toBe(200);
  const [span] = SPANS.map((one) => chatRequest({ ...one, text: 'I am ann@example.com.' }));
  await buryRequest(client, {
    frame: {
      projectId: 'inn',
      signal: 'traces',
      encoding: 'json',
      items: 1,
      receivedAt: 1_700_000_000_000,
      body: Buffer.from(JSON.stringify(span)),
    },
    refused: [{ place: 0, reason: 'INCORRECT_DATA' }],
  });
  const [letter] = (await list('', 'inn')).dead_letters;
  const shown = await (await ask(`/${letter?.letter_id}`, {}, 'inn')).text();
  expect(shown).toContain('I am [EMAIL_');
  expect(shown).not.toContain('ann@');
});

async function run(...argv: readonly string[]) {
  const env = { ...process.env, COLLOQUY_API_KEY: keys['mill'] };
  const args = [MAIN, 'dead-letters', ...argv, '--url', service.httpUrl];
  return execute(process.execPath, args, { env });
}

test('are handled from the command line, and counted', async () => {
  await buryMiddle(1_700_000_000_000, 'mill');
  await buryMiddle(1_700_000_001_000, 'mill');
  const { dead_letters: letters } = await list('', 'mill');
  const [id = '', other = ''] = letters.map(({ letter_id }) => letter_id);
  const { stdout: listed } = await run('list');
  expect(listed).toContain(`${id}  2023-11-14T22:13:21  traces  1 `);
  const { stdout: shown } = await run('show', id);
  expect(shown).toContain('item 1: VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE');
  expect(shown).toContain('"gen_ai.conversation.id": "thread b"');
  expect((await run('replay', id)).stdout).toBe('1 request with 1 item accepted again.\n');
  await expect(run('drop', other)).rejects.toMatchObject({
    code: 1,
    stdout: 'Nothing was dropped. --yes does it without asking.\n',
  });
  expect((await run('drop', '--all', '--yes')).stdout).toBe('1 dead letter dropped.\n');
  expect((await run('list')).stdout).toBe('No dead letters are waiting.\n');
  const status = async () =>
    statusShape.parse(await (await service.ask(keys['mill'], '/api/v1/status')).json());
  await expect.poll(status, { timeout: 10_000 }).toMatchObject({
    project_id: 'mill',
    summary: 'accepted 1, queryable 1, waiting 0',
    denied: null,
  });
}, 60_000);
