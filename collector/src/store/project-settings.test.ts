import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProjectSettings } from './project-settings.js';
import { openTestStore } from './testing/open-test-store.js';

let client: ClickHouseClient;
let now = 1_000;

beforeAll(async () => {
  ({ client } = await openTestStore());
});

afterAll(() => client.close());

const open = (): ProjectSettings => new ProjectSettings(client, () => now);

test('gives what was set last, for its project alone', async () => {
  const settings = open();
  expect(await settings.get('shop', 'days')).toBeUndefined();
  await settings.set('shop', 'days', 30);
  now += 1;
  await settings.set('shop', 'days', { short: 7 });
  expect(await settings.get('shop', 'days')).toEqual({ short: 7 });
  expect(await settings.get('bank', 'days')).toBeUndefined();
});

test('forgets what was taken back', async () => {
  const settings = open();
  await settings.set('shop', 'mask', true);
  now += 1;
  await settings.set('shop', 'mask', null);
  expect(await settings.get('shop', 'mask')).toBeUndefined();
});

test('learns within seconds what another process has set', async () => {
  const [one, other] = [open(), open()];
  expect(await one.get('bank', 'days')).toBeUndefined();
  await other.set('bank', 'days', 5);
  expect(await one.get('bank', 'days')).toBeUndefined();
  now += 2_000;
  expect(await one.get('bank', 'days')).toBe(5);
});

test('keeps what was set first, whoever else sets it at the same time', async () => {
  const settings = [open(), open(), open()];
  const held = await Promise.all(settings.map((one, at) => one.setOnce('shop', 'once', at)));
  expect(new Set(held).size).toBe(1);
  now += 2_000;
  expect(await open().setOnce('shop', 'once', 'late')).toBe(held[0]);
  await client.command({ query: 'OPTIMIZE TABLE project_settings FINAL' });
  expect(await open().get('shop', 'once')).toBe(held[0]);
});
