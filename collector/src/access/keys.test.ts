import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keyListShape, problemShape, projectListShape } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { keyIdOf } from './secret-key.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from './testing/locked-service.js';

const SPANS = { resourceSpans: [] };

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  for (const project_id of ['shop', 'bank'])
    await service.ask(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id }));
});

afterAll(() => service.stop());

const statusOf = async (key: string | undefined, path: string, init?: RequestInit) =>
  (await service.ask(key, path, init)).status;

const problemOf = async (response: Promise<Response>) =>
  problemShape.parse(await (await response).json());

describe('a key', () => {
  test('is shown once, and only its hash is kept', async () => {
    const { key, ...told } = await service.makeKey({ project_id: 'shop', scopes: ['read'] });
    expect(key).toMatch(/^clq_[0-9a-f]{12}_[0-9a-f]{48}$/);
    expect(keyIdOf(key)).toBe(told.key_id);
    const listed = keyListShape.parse(
      await (await service.ask(BOOTSTRAP_KEY, '/api/v1/keys')).json(),
    );
    expect(listed.keys).toContainEqual(told);
    const secret = key.slice(-48);
    expect(JSON.stringify(listed)).not.toContain(secret);
    const names = await readdir(service.dataDir);
    const file = join(service.dataDir, names.find((name) => name.startsWith('keys-')) ?? '');
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    expect(await readFile(file, 'utf8')).toContain(told.key_id);
    expect(await readFile(file, 'utf8')).not.toContain(secret);
  });

  test('is taken as Bearer, x-api-key, and as either half of Basic', async () => {
    const { key } = await service.makeKey({ project_id: 'shop', scopes: ['read'] });
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const ways = [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer ${key}` },
      { 'x-api-key': key },
      { authorization: basic(`anyone:${key}`) },
      { authorization: basic(`${key}:`) },
    ];
    for (const headers of ways)
      expect(await statusOf(undefined, '/api/v1/threads', { headers })).toBe(200);
  });

  test('that is missing, wrong, expired or revoked lets nobody in', async () => {
    const { key, key_id } = await service.makeKey({
      project_id: 'shop',
      scopes: ['read'],
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    });
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    for (const shown of [undefined, '', 'no-key', wrong, `${BOOTSTRAP_KEY}0`])
      expect(await statusOf(shown, '/api/v1/threads')).toBe(401);
    const response = await service.ask(wrong, '/api/v1/threads');
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="colloquy"');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect((await problemOf(service.ask(wrong, '/api/v1/threads'))).detail).toBe(
      'There is no such key.',
    );
    expect(await statusOf(key, '/api/v1/threads')).toBe(200);
    const revoked = await service.ask(BOOTSTRAP_KEY, `/api/v1/keys/${key_id}`, {
      method: 'DELETE',
    });
    expect(revoked.status).toBe(204);
    expect((await problemOf(service.ask(key, '/api/v1/threads'))).detail).toBe(
      'This key was revoked.',
    );
    const { key: brief } = await service.makeKey({
      project_id: 'shop',
      scopes: ['read'],
      expires_at: new Date(Date.now() + 500).toISOString(),
    });
    await vi.waitFor(async () => {
      const expired = await problemOf(service.ask(brief, '/api/v1/threads'));
      expect(expired.detail).toBe('This key has expired.');
    }, 3_000);
  });

  test('is answered in OTLP where it sends OTLP', async () => {
    const json = await service.ask('no-key', '/v1/traces', post(SPANS));
    expect(json.status).toBe(401);
    expect(await json.json()).toEqual({ code: 16, message: 'There is no such key.' });
    const { key } = await service.makeKey({ project_id: 'shop', scopes: ['read'] });
    const forbidden = await service.ask(key, '/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(0),
    });
    expect(forbidden.status).toBe(403);
    expect(forbidden.headers.get('content-type')).toBe('application/x-protobuf');
    expect([...new Uint8Array(await forbidden.arrayBuffer())].slice(0, 2)).toEqual([0x08, 7]);
  });
});

describe('whoever makes keys', () => {
  test('of one project, sees, makes and revokes those of that project alone', async () => {
    const shop = await service.makeKey({ project_id: 'shop', scopes: ['admin'] });
    const bank = await service.makeKey({ project_id: 'bank', scopes: ['read'] });
    const mine = keyListShape.parse(await (await service.ask(shop.key, '/api/v1/keys')).json());
    expect(new Set(mine.keys.map(({ project_id }) => project_id))).toEqual(new Set(['shop']));
    const projects = projectListShape.parse(
      await (await service.ask(shop.key, '/api/v1/projects')).json(),
    );
    expect(projects.projects.map(({ project_id }) => project_id)).toEqual(['shop']);
    const made = { name: 'x', scopes: ['read'] };
    const create = (project_id: string | null) =>
      statusOf(shop.key, '/api/v1/keys', post({ ...made, project_id }));
    expect(await create('shop')).toBe(201);
    expect(await create('bank')).toBe(403);
    expect(await create('no-such-project')).toBe(403);
    expect(
      await statusOf(
        shop.key,
        '/api/v1/keys',
        post({ ...made, scopes: ['admin'], project_id: null }),
      ),
    ).toBe(403);
    const revoke = (id: string) =>
      problemOf(service.ask(shop.key, `/api/v1/keys/${id}`, { method: 'DELETE' }));
    expect(await revoke(bank.key_id)).toEqual(await revoke('000000000000'));
    expect(await statusOf(bank.key, '/api/v1/threads')).toBe(200);
  });

  test.each([
    [
      { project_id: 'shop', scopes: ['public-ingest', 'read'], origins: ['https://a.example'] },
      /no other scope/,
    ],
    [{ project_id: 'shop', scopes: ['public-ingest'] }, /origins/],
    [{ project_id: null, scopes: ['read'] }, /all projects/],
    [{ project_id: 'shop', scopes: ['none'] }, /scopes/],
    [{ project_id: 'shop', scopes: ['read'], origins: ['https://a.example/x'] }, /origin/],
    [{ project_id: 'shop', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, /future/],
    [{ project_id: 'shop', scopes: ['read'], secret: 'x' }, /secret/],
  ])('is told what is wrong with %j', async (fields, sentence) => {
    const init = post({ name: 'x', ...fields });
    const problem = await problemOf(service.ask(BOOTSTRAP_KEY, '/api/v1/keys', init));
    expect(problem).toMatchObject({
      status: 400,
      detail: expect.stringMatching(sentence) as string,
    });
  });

  test('is told of a project that is not there, or there already', async () => {
    const fields = { name: 'x', project_id: 'no-such-project', scopes: ['read'] };
    expect(await statusOf(BOOTSTRAP_KEY, '/api/v1/keys', post(fields))).toBe(404);
    expect(await statusOf(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id: 'shop' }))).toBe(
      409,
    );
    expect(await statusOf(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id: 'A B' }))).toBe(
      400,
    );
  });

  test('may be no form of a web page, and sends JSON', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: 'http://elsewhere.example' },
      body: '{}',
    };
    expect(await statusOf(BOOTSTRAP_KEY, '/api/v1/keys', init)).toBe(403);
    const broken = { ...init, headers: { 'content-type': 'application/json' }, body: '{' };
    expect(await statusOf(BOOTSTRAP_KEY, '/api/v1/keys', broken)).toBe(400);
  });
});

test('what a key was last used for is told to the minute', async () => {
  const own = await startTestService({ database: service.database });
  const { key, key_id } = await own.makeKey({ project_id: 'shop', scopes: ['read'] });
  expect((await own.ask(key, '/api/v1/threads')).status).toBe(200);
  await own.stop();
  const { keys } = keyListShape.parse(
    await (await service.ask(BOOTSTRAP_KEY, '/api/v1/keys')).json(),
  );
  expect(keys.find((one) => one.key_id === key_id)?.last_used_at).toMatch(/^20.*:00\.000Z$/);
});

test('a key made in one collector counts in another within 2 s, and a revoked one no longer', async () => {
  const other = await startTestService({ database: service.database });
  const { key, key_id } = await service.makeKey({ project_id: 'shop', scopes: ['read'] });
  const status = async (): Promise<number> => (await other.ask(key, '/api/v1/threads')).status;
  await vi.waitFor(async () => expect(await status()).toBe(200), 2_000);
  await service.ask(BOOTSTRAP_KEY, `/api/v1/keys/${key_id}`, { method: 'DELETE' });
  await vi.waitFor(async () => expect(await status()).toBe(401), 2_000);
  await other.stop();
});

describe('before there is a key', () => {
  test('all of this machine are let in; the first key has to be one that makes others, then keys are asked for', async () => {
    const open = await startTestService({ env: {} });
    expect((await open.ask(undefined, '/api/v1/threads')).status).toBe(200);
    expect((await open.ask(undefined, '/v1/traces', post(SPANS))).status).toBe(200);
    const first = { name: 'x', project_id: 'default', scopes: ['ingest'] };
    const refused = await open.ask(undefined, '/api/v1/keys', post(first));
    expect(refused.status).toBe(409);
    const { key, key_id } = await open.makeKey({ scopes: ['admin'] });
    expect((await open.ask(undefined, '/api/v1/threads')).status).toBe(401);
    expect((await open.ask(undefined, '/v1/traces', post(SPANS))).status).toBe(401);
    for (const path of ['/healthz', '/readyz'])
      expect((await open.ask(undefined, path)).status).toBe(200);
    expect((await open.ask(key, '/api/v1/keys', post(first))).status).toBe(201);
    await open.ask(key, `/api/v1/keys/${key_id}`, { method: 'DELETE' });
    expect((await open.ask(undefined, '/api/v1/threads')).status).toBe(401);
    await open.stop();
    expect(open.reports).toEqual([]);
  });
});

test('nothing unforeseen happened', () => {
  expect(service.reports).toEqual([]);
});
