import {
  deadLetterDetailShape,
  deadLetterListShape,
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
import { openClient } from '../store/client.js';

interface Request {
  readonly resourceSpans: readonly [
    { readonly scopeSpans: readonly [{ readonly spans: readonly [object] }] },
  ];
}

/** Names of threads, and the trace state of the span of each. */
const SPANS = { a: '1', b: 'vendor=value', c: '3' };

let service: TestService;
let client: ClickHouseClient;

beforeAll(async () => {
  service = await startTestService();
  client = openClient(service.store);
});
afterAll(async () => {
  await client.close();
  await service.stop();
});

const ask = (path: string, init?: RequestInit): Promise<Response> =>
  service.ask(BOOTSTRAP_KEY, `/api/v1${path}`, init);

const typeOfTraceState = (type: string): Promise<unknown> =>
  client.command({ query: `ALTER TABLE fact_spans MODIFY COLUMN trace_state ${type}` });

const threads = async (): Promise<readonly string[]> =>
  threadListShape
    .parse(await (await ask('/threads')).json())
    .threads.map(({ thread_id }) => thread_id)
    .toSorted();

const summary = async (): Promise<string> =>
  statusShape.parse(await (await ask('/status')).json()).summary;

test('an item that ClickHouse cannot take holds up no other, and is stored once it can', async () => {
  // Doors take in nothing that our columns do not: one of them is made narrower.
  await typeOfTraceState('UInt32');
  const spans = Object.entries(SPANS).map(([name, traceState]) => {
    const ids = { threadId: name, traceId: name.repeat(32), spanId: name.repeat(16) };
    const request = chatRequest(ids) as Request;
    return { ...request.resourceSpans[0].scopeSpans[0].spans[0], traceState };
  });
  const sent = await service.ask(
    BOOTSTRAP_KEY,
    '/v1/traces',
    post({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  );
  expect(await sent.json()).toEqual({});
  await expect
    .poll(summary, { timeout: 15_000 })
    .toBe('accepted 3, queryable 2, waiting 0, kept as dead letters 1');
  expect(await threads()).toEqual(['a', 'c']);

  const { dead_letters: letters } = deadLetterListShape.parse(
    await (await ask('/dead-letters')).json(),
  );
  expect(letters).toMatchObject([{ state: 'waiting', refused: 1, items: [{ place: 1 }] }]);
  const path = `/dead-letters/${letters[0]?.letter_id}`;
  const shown = deadLetterDetailShape.parse(await (await ask(path)).json());
  expect(shown.items).toMatchObject([{ place: 1, span: { trace_state: 'vendor=value' } }]);

  // Too early: it waits again, under the same id.
  expect((await ask(`${path}/replay`, post({}))).status).toBe(202);
  await expect
    .poll(summary, { timeout: 15_000 })
    .toBe('accepted 4, queryable 2, waiting 0, kept as dead letters 2');
  expect(deadLetterDetailShape.parse(await (await ask(path)).json())).toEqual(shown);

  await typeOfTraceState('String');
  expect((await ask(`${path}/replay`, post({}))).status).toBe(202);
  await expect
    .poll(summary, { timeout: 15_000 })
    .toBe('accepted 5, queryable 3, waiting 0, kept as dead letters 2');
  expect(await threads()).toEqual(['a', 'b', 'c']);
  const after = deadLetterDetailShape.parse(await (await ask(path)).json());
  expect(after).toMatchObject({ state: 'replayed', bytes: 0 });
  expect(service.reports).toEqual([]);
}, 60_000);
