import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from './access/testing/locked-service.js';
import { Gate } from './chaos/gate.js';

const SPAN = {
  traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
  spanId: '051581bf3cb55c13',
  name: 'chat',
  startTimeUnixNano: '1760000000000000000',
  endTimeUnixNano: '1760000001000000000',
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'gen_ai.conversation.id', value: { stringValue: 'held' } },
    {
      key: 'gen_ai.input.messages',
      value: {
        stringValue: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]),
      },
    },
  ],
};
const REQUEST = post({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] });

async function openGate(): Promise<Gate> {
  const gate = new Gate(Number(new URL(inject('clickhouse').url).port));
  await gate.open();
  onTestFinished(() => gate.shut());
  return gate;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-away-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Sends a span while ClickHouse is away, and finds it once it is there. */
async function expectKept(service: TestService, gate: Gate, key: string | undefined) {
  const statusOf = async (path: string): Promise<number> => (await service.ask(key, path)).status;
  expect((await service.ask(key, '/v1/traces', REQUEST)).status).toBe(200);
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/readyz')).toBe(503);
  expect(await statusOf('/api/v1/status')).toBe(200);
  const refused = await service.ask(key, '/api/v1/threads/held');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({
    title: 'ClickHouse cannot be reached',
    detail: expect.stringContaining('kept and stored once it is'),
  });
  await gate.open();
  await vi.waitFor(async () => expect(await statusOf('/api/v1/threads/held')).toBe(200), 30_000);
  expect(await statusOf('/readyz')).toBe(200);
  expect((await service.ask(key, '/v1/traces', REQUEST)).status).toBe(200);
}

test('started while ClickHouse is away it takes spans, and stores them once it is there', async () => {
  const gate = await openGate();
  const options = {
    database: `away_${randomUUID().replaceAll('-', '')}`,
    dataDir: await makeFolder(),
    env: { COLLOQUY_CLICKHOUSE_URL: gate.url },
  };
  await (await startTestService(options)).stop();
  await gate.shut();
  const service = await startTestService(options);
  expect(service.reports[0]).toContain('What is sent is kept');
  await expectKept(service, gate, undefined);
  await service.stop();
}, 60_000);

test('so it does at its very first start, for who has a key that needs no store', async () => {
  const gate = await openGate();
  await gate.shut();
  const service = await startTestService({
    env: { COLLOQUY_CLICKHOUSE_URL: gate.url, COLLOQUY_BOOTSTRAP_KEY: BOOTSTRAP_KEY },
  });
  const keyless = await service.ask(undefined, '/v1/traces', REQUEST);
  expect(keyless.status).toBe(401);
  await expectKept(service, gate, BOOTSTRAP_KEY);
  await service.stop();
}, 60_000);

test('where it is not known whether keys are needed, senders are told to come back', async () => {
  const gate = await openGate();
  await gate.shut();
  const service = await startTestService({ env: { COLLOQUY_CLICKHOUSE_URL: gate.url } });
  const early = await service.ask(undefined, '/v1/traces', REQUEST);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
  await gate.open();
  await vi.waitFor(async () => {
    expect((await service.ask(undefined, '/v1/traces', REQUEST)).status).toBe(200);
  }, 30_000);
  await service.stop();
}, 60_000);

test('a ClickHouse that is there and refuses still ends the start', async () => {
  const wrong = startTestService({ env: { COLLOQUY_CLICKHOUSE_PASSWORD: 'wrong' } });
  await expect(wrong).rejects.toMatchObject({ code: 'STARTUP_FAILED' });
});
