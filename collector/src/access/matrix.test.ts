import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get } from 'node:http';
import { ACCESS_SCOPES, keyListShape, threadListShape } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { originRule } from '../cross-origin.js';
import { Flow } from '../ingest/flow.js';
import { Metrics } from '../metrics/metrics.js';
import { metricSources } from '../metrics/sources.js';
import { createOtlpApp } from '../receivers/otlp/app.js';
import { OtlpCounters } from '../receivers/otlp/counters.js';
import { SIGNAL_NAMES, SIGNALS } from '../receivers/otlp/signals.js';
import { createApp } from '../app.js';
import { ProjectSettings } from '../store/project-settings.js';
import { openClient } from '../store/client.js';
import { buryRequest, listLetters, WHOLE } from '../store/dead-letters.js';
import { openTestStore } from '../store/testing/open-test-store.js';
import { openAccess } from './access.js';
import { Guard } from './guard.js';
import { type Rule, RULES } from './rules.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from './testing/locked-service.js';
import { chatRequest } from './testing/chat-request.js';

const ORIGIN = 'https://app.example.com';
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path}`;

describe('the table', () => {
  test('has each route that is registered, and no other', async () => {
    const { client } = await openTestStore();
    const counters = new OtlpCounters();
    const isLetIn = originRule([]);
    const access = await openAccess({
      client,
      dataDir: await mkdtemp(join(tmpdir(), 'colloquy-matrix-')),
      storeName: '',
      bootstrapKey: undefined,
      isLetIn,
      now: Date.now,
      onError: () => undefined,
    });
    const nothing = async (): Promise<void> => undefined;
    const intake = {
      accept: nothing,
      replay: nothing,
      touch: nothing,
      settle: nothing,
      flow: new Flow(),
    };
    const app = createApp(client, {
      isPrepared: () => true,
      intake,
      counters,
      metrics: new Metrics(
        metricSources({ client, spool: { bytes: 0, maxBytes: 0 }, intake, counters, access }),
      ),
      inferThreads: true,
      prices: [],
      masking: { settings: new ProjectSettings(client, Date.now), counts: () => ({}) },
      access,
      guard: new Guard(access),
      isLetIn,
      report: () => undefined,
    });
    const otlp = createOtlpApp({ intake, counters });
    const calls = SIGNAL_NAMES.map((signal) => `POST /${SIGNALS[signal].service}/Export`);
    const registered = [...app.routes, ...otlp.routes]
      .filter(({ method }) => method !== 'ALL')
      .map(nameOf);
    expect([...new Set([...registered, ...calls])].toSorted()).toEqual(
      RULES.map(nameOf).toSorted(),
    );
    await access.stop();
    await client.close();
  });

  test('lets web pages send and nothing else, readers ask and nothing else, and nobody in without a key', () => {
    const pathsFor = (scope: (typeof ACCESS_SCOPES)[number]): readonly string[] =>
      RULES.filter(({ allow }) => allow.includes(scope)).map(nameOf);
    expect(pathsFor('public-ingest').filter((name) => !/^POST \/(v1|opentele)/.test(name))).toEqual(
      [],
    );
    expect(pathsFor('read').filter((name) => !name.startsWith('GET '))).toEqual([]);
    expect(RULES.filter(({ allow }) => allow === 'anyone').map(nameOf)).toEqual([
      'GET /healthz',
      'GET /readyz',
    ]);
  });
});

let service: TestService;
const THREAD = 'a thread/of the shop';
const TRACE = 'a0'.repeat(16);
const SPAN = 'b1'.repeat(8);

/** Keys by what they are, all of project `bank`, but for the operator's. */
const keys: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService();
  for (const project_id of ['shop', 'bank'])
    await service.ask(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id }));
  for (const scope of ACCESS_SCOPES) {
    const origins = scope === 'public-ingest' ? [ORIGIN] : [];
    keys[scope] = (await service.makeKey({ project_id: 'bank', scopes: [scope], origins })).key;
  }
  keys['operator'] = (await service.makeKey({ scopes: ['admin'] })).key;
  const shop = await service.makeKey({ project_id: 'shop', scopes: ['admin'] });
  keys['shop'] = shop.key;
  keys['shopId'] = shop.key_id;
  for (const [index, threadId] of [THREAD, 'second'].entries()) {
    const request = chatRequest({
      threadId,
      traceId: index === 0 ? TRACE : 'c2'.repeat(16),
      spanId: SPAN,
    });
    await service.ask(shop.key, '/v1/traces', post(request));
  }
  await vi.waitUntil(async () => (await listThreads(shop.key)).total === 2, 10_000);
  keys['letterId'] = await buryLetter('shop');
});

afterAll(() => service.stop());

/** A request of the project that cannot be stored. */
async function buryLetter(projectId: string): Promise<string> {
  const client = openClient(service.store);
  const body = Buffer.from('no request');
  const request = {
    projectId,
    signal: 'traces',
    encoding: 'json',
    items: 1,
    receivedAt: 1,
  } as const;
  await buryRequest(client, {
    frame: { ...request, body },
    refused: [{ place: WHOLE, reason: 'for the test' }],
  });
  const [letter] = await listLetters(client, { projectId, limit: 1 });
  await client.close();
  return letter?.letterId ?? '';
}

const listThreads = async (key: string, query = '') =>
  threadListShape.parse(await (await service.ask(key, `/api/v1/threads${query}`)).json());

/** A request of a route, about what the shop has. */
function requestOf({ method, path }: Rule): readonly [string, RequestInit] {
  const filled = path
    .replace(':thread_id', encodeURIComponent(THREAD))
    .replace(':trace_id', TRACE)
    .replace(':span_id', SPAN)
    .replace(':key_id', keys['shopId'] ?? '')
    .replace(':letter_id', keys['letterId'] ?? '');
  const bodies: Readonly<Record<string, object>> = {
    '/api/v1/keys': { name: 'x', project_id: 'shop', scopes: ['read'] },
    '/api/v1/projects': { project_id: `made-${Date.now()}` },
  };
  if (method === 'PUT') return [filled, { ...post({ days: null }, { origin: ORIGIN }), method }];
  if (method !== 'POST') return [filled, { method }];
  return [filled, post(bodies[path] ?? {}, { origin: ORIGIN })];
}

/** Keys of servers send no origin. */
const withoutOrigin = (init: RequestInit) => ({
  ...init,
  headers: Object.fromEntries(
    Object.entries(init.headers ?? {}).filter(([name]) => name !== 'origin'),
  ),
});

async function statusFor(rule: Rule, holder: string | undefined): Promise<number> {
  const [path, init] = requestOf(rule);
  const sent = holder === 'public-ingest' ? init : withoutOrigin(init);
  return (await service.ask(holder === undefined ? undefined : keys[holder], path, sent)).status;
}

const ROUTES = RULES.filter(({ allow }) => allow !== 'anyone').map(
  (rule) => [nameOf(rule), rule] as const,
);

describe.each(ROUTES)('%s', (_, rule) => {
  test('takes a key', async () => {
    expect(await statusFor(rule, undefined)).toBe(401);
  });

  test.each(ACCESS_SCOPES)('with the scope %s as the table says', async (scope) => {
    const isAllowed = rule.allow.includes(scope) && rule.ofAllProjects !== true;
    // What it asks for is a key to the shop.
    const isRefusedLater = nameOf(rule) === 'POST /api/v1/keys';
    const status = await statusFor(rule, scope);
    // Whom the table lets in meets the shop's things as things that are not there.
    const isLetIn = ![401, 403, 405].includes(status);
    expect({ status, isLetIn }).toMatchObject(
      isAllowed && !isRefusedLater ? { isLetIn: true } : { status: 403 },
    );
  });

  test('is about no other project than that of the key', async () => {
    const [path, init] = requestOf(rule);
    const headers = { ...withoutOrigin(init).headers, 'x-colloquy-project': 'shop' };
    const response = await service.ask(keys['admin'], path, { ...init, headers });
    expect(response.status).toBe(403);
  });
});

describe('what belongs to another project', () => {
  // Nothing has been erased here; the erasure's own tests ask for that of another project.
  const reads = RULES.filter(
    ({ method, path }) => method === 'GET' && path.includes(':') && !path.includes('erasure'),
  );

  test.each(reads.map((rule) => [nameOf(rule), rule] as const))(
    '%s answers as if it were not there',
    async (_, rule) => {
      const [path] = requestOf(rule);
      const [shop, bank, unknown] = await Promise.all(
        [
          [keys['shop'], path],
          [keys['read'], path],
          [
            keys['read'],
            path.replaceAll(TRACE, 'd3'.repeat(16)).replace(/threads\/[^/]+/, 'threads/none'),
          ],
        ].map(([key, asked]) => service.ask(key, asked ?? '')),
      );
      expect(shop?.status).toBe(200);
      expect(bank?.status).toBe(unknown?.status);
      expect(await bank?.text()).toBe(await unknown?.text());
    },
  );

  test('is reached by no cursor', async () => {
    const { next_cursor } = await listThreads(keys['shop'] ?? '', '?limit=1');
    expect(next_cursor).not.toBeNull();
    const stolen = await listThreads(
      keys['read'] ?? '',
      `?limit=1&cursor=${encodeURIComponent(next_cursor ?? '')}`,
    );
    expect(stolen).toEqual({ threads: [], next_cursor: null, total: 0 });
  });

  test('is not rebuilt, counted, listed or revoked', async () => {
    const rebuilt = await service.ask(
      keys['write'],
      `/api/v1/rebuild?thread_id=${encodeURIComponent(THREAD)}`,
      post({}),
    );
    expect(await rebuilt.text()).toBe('{"done":true}\n');
    const bad = { resourceSpans: [{ scopeSpans: [{ spans: [{}] }] }] };
    await service.ask(keys['shop'], '/v1/traces', post(bad));
    const doctor = async (key: string | undefined): Promise<string> =>
      (await service.ask(key, '/api/v1/doctor')).text();
    expect(await doctor(keys['shop'])).toContain('refused_items');
    expect(await doctor(keys['read'])).not.toContain('refused_items');
    const { keys: listed } = keyListShape.parse(
      await (await service.ask(keys['admin'], '/api/v1/keys')).json(),
    );
    expect(listed.map(({ project_id }) => project_id)).toEqual(ACCESS_SCOPES.map(() => 'bank'));
    const revoked = await service.ask(keys['admin'], `/api/v1/keys/${keys['shopId']}`, {
      method: 'DELETE',
    });
    expect(revoked.status).toBe(404);
    expect((await listThreads(keys['shop'] ?? '')).total).toBe(2);
  });

  test('is open to a key to all projects that names it', async () => {
    const headers = { 'x-colloquy-project': 'shop' };
    const named = await service.ask(keys['operator'], '/api/v1/threads', { headers });
    expect(threadListShape.parse(await named.json()).total).toBe(2);
    expect((await listThreads(keys['operator'] ?? '')).total).toBe(0);
    const none = { 'x-colloquy-project': 'no-such-project' };
    expect((await service.ask(keys['operator'], '/api/v1/threads', { headers: none })).status).toBe(
      404,
    );
  });
});

test.each([
  ['GET', '/api/v1/no-such-thing', 404, null],
  ['GET', '/no-such-thing', 404, null],
  ['DELETE', '/api/v1/threads', 405, 'GET, HEAD'],
  ['GET', '/v1/traces', 405, 'POST'],
  ['GET', '/api/v1/threads/%2e%2e/x/y/z', 404, null],
])('%s %s, which no rule names, is not there', async (method, path, status, allow) => {
  const response = await service.ask(keys['operator'], path, { method });
  expect(response.status).toBe(status);
  expect(response.headers.get('allow')).toBe(allow);
  expect((await service.ask(undefined, path, { method })).status).toBe(401);
});

test('the OpenAPI document tells of each route below /api/v1 and of keys', async () => {
  const answer = await service.ask(keys['read'], '/api/v1/openapi.json');
  const { paths, components } = (await answer.json()) as {
    paths: Readonly<Record<string, object>>;
    components: { securitySchemes: object };
  };
  expect(Object.keys(components.securitySchemes)).toEqual(['bearer', 'apiKey']);
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} /api/v1${path}`),
  );
  const untold = ['/api/v1/openapi.json', '/api/v1/rebuild'];
  const ruled = RULES.filter(({ path }) => path.startsWith('/api/') && !untold.includes(path));
  expect(told.toSorted()).toEqual(
    ruled.map((rule) => nameOf(rule).replaceAll(/:(\w+)/g, '{$1}')).toSorted(),
  );
});

test('with keys a request may be meant for any name, as behind a proxy', async () => {
  const statusFrom = async (shown: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { host: 'colloquy.example.com', 'x-api-key': shown };
      get(`${service.httpUrl}/api/v1/threads`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  expect(await statusFrom(keys['read'] ?? '')).toBe(200);
  expect(await statusFrom('none')).toBe(401);
});

test('nothing unforeseen happened', () => {
  expect(service.reports).toEqual([]);
});
