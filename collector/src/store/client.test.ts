import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digest } from '../digest.js';
import { selectByKeys } from './client.js';
import { openTestStore } from './testing/open-test-store.js';

let client: ClickHouseClient;

beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

test('looks up more ids than fit into one parameter', async () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => digest(String(index)));
  const query = 'SELECT toString(arrayJoin({keys:Array(UUID)})) AS key';
  const rows = await selectByKeys<{ key: string }>(client, query, {}, keys);
  expect(rows.map(({ key }) => key)).toEqual(keys);
});

test('asks nothing when there is nothing to look up', async () => {
  expect(await selectByKeys(client, 'no query', {}, [])).toEqual([]);
});
