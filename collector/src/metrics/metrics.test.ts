import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chatRequest } from '../access/testing/chat-request.js';
import {
  BOOTSTRAP_KEY,
  post,
  startTestService,
  type TestService,
} from '../access/testing/locked-service.js';
import { openClient } from '../store/client.js';
import { buryRequest } from '../store/dead-letters.js';

let service: TestService;
let client: ClickHouseClient;

beforeAll(async () => {
  service = await startTestService({ flags: ['--spool-max-size', '1GB'] });
  client = openClient(service.store);
});
afterAll(async () => {
  await client.close();
  await service.stop();
});

const scrape = async (): Promise<string> => (await service.ask(BOOTSTRAP_KEY, '/metrics')).text();

/** Lines that a Prometheus can read: a comment, or a name with labels and a number. */
const LINE =
  /^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+|[Nn]a[Nn]|\+Inf))$/;

test('count what came, by project, and say nothing of what it was', async () => {
  await service.ask(BOOTSTRAP_KEY, '/api/v1/projects', post({ project_id: 'shop' }));
  const { key } = await service.makeKey({ project_id: 'shop', scopes: ['ingest'] });
  const request = chatRequest({
    threadId: 'secret thread',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    text: 'secret words',
  });
  expect((await service.ask(key, '/v1/traces', post(request))).status).toBe(200);
  expect((await service.ask(undefined, '/v1/traces', post(request))).status).toBe(401);
  await buryRequest(client, {
    frame: {
      projectId: 'shop',
      signal: 'logs',
      encoding: 'json',
      items: 1,
      receivedAt: 1_700_000_000_000,
      body: Buffer.from('{}'),
    },
    refused: [{ place: 0, reason: 'INCORRECT_DATA' }],
  });
  await expect
    .poll(scrape, { timeout: 10_000 })
    .toContain('\ncolloquy_items_rebuilt_total{project="shop"} 1\n');
  const text = await scrape();
  const lines = text.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE colloquy_items_accepted_total counter',
      'colloquy_items_accepted_total{project="shop"} 1',
      'colloquy_items_stored_total{project="shop"} 1',
      'colloquy_items_refused_total{project="shop"} 0',
      'colloquy_items_spooled{project="shop"} 0',
      'colloquy_dead_letters_waiting{project="shop"} 1',
      'colloquy_received_items_total{signal="traces",outcome="accepted"} 1',
      'colloquy_requests_denied_total{reason="UNAUTHENTICATED"} 1',
      'colloquy_spool_limit_bytes 1000000000',
      'colloquy_http_ingest_duration_seconds_count{signal="traces",status="200"} 1',
      'colloquy_http_ingest_duration_seconds_count{signal="traces",status="401"} 1',
      '# TYPE process_resident_memory_bytes gauge',
    ]),
  );
  expect(Number(/^colloquy_spool_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(100);
  expect(lines.filter((line) => line !== '' && !LINE.test(line))).toEqual([]);
  expect(text).not.toMatch(/secret|aaaa|bbbb/);
});

test('are for keys to all projects', async () => {
  const own = await service.makeKey({ project_id: 'shop', scopes: ['admin'] });
  const all = await service.makeKey({ scopes: ['admin'] });
  const statusFor = async (key?: string): Promise<number> =>
    (await service.ask(key, '/metrics')).status;
  expect(await statusFor()).toBe(401);
  expect(await statusFor(own.key)).toBe(403);
  expect(await statusFor(all.key)).toBe(200);
});
