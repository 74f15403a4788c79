import type { ClickHouseClient } from '@clickhouse/client';
import type { Span, SpanId } from '@colloquy/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normaliseSpan } from '../normalise/normalise.js';
import { loadRecording } from '../recordings/load-recording.js';
import { openClient, selectRows } from './client.js';
import { FactStore } from './fact-store.js';
import { openTestStore } from './testing/open-test-store.js';

let client: ClickHouseClient;

beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

const [recorded] = loadRecording('ai-v5').requests.flatMap(({ spans }) => spans);
if (recorded === undefined) throw new Error('the recording is empty');

/** Spans of which some hold a number that no column can: decoders refuse such, so it is made here. */
const spans = (bad: readonly number[]): readonly Span[] =>
  Array.from({ length: 12 }, (_, index) => ({
    ...recorded,
    spanId: String(index).padStart(16, '0') as SpanId,
    flags: bad.includes(index) ? -5 : 0,
  }));

const createStore = (store: ClickHouseClient): FactStore =>
  new FactStore({ client: store, onStored: () => {}, now: Date.now });

test('refuses the items that ClickHouse cannot read and stores all others, also of other batches', async () => {
  const store = createStore(client);
  const batches = [[], [3, 7], [11]].map((bad, project) => ({
    projectId: `p${project}`,
    bytes: 0,
    spans: spans(bad).map(normaliseSpan),
    logs: [],
  }));
  const results = await Promise.all(batches.map((batch) => store.write(batch)));
  expect(results.map((rejections) => rejections.length)).toEqual([0, 2, 1]);
  const rows = await selectRows(
    client,
    'SELECT project_id, count() AS count FROM fact_spans FINAL GROUP BY project_id ORDER BY project_id',
    {},
  );
  expect(rows).toEqual([
    { project_id: 'p0', count: '12' },
    { project_id: 'p1', count: '10' },
    { project_id: 'p2', count: '11' },
  ]);
});

test('acknowledges nothing when ClickHouse cannot be reached', async () => {
  const gone = openClient({
    url: 'http://127.0.0.1:9',
    username: 'x',
    password: '',
    database: 'x',
  });
  const write = createStore(gone).write({
    projectId: 'p',
    bytes: 0,
    spans: [normaliseSpan(recorded)],
    logs: [],
  });
  await expect(write).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await gone.close();
});
