import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { inject } from 'vitest';
import { openClient, type StoreOptions } from '../client.js';
import { migrate } from '../migrate.js';

/** A migrated, empty database of its own. */
export async function openTestStore(): Promise<{
  readonly client: ClickHouseClient;
  readonly options: StoreOptions;
}> {
  const options: StoreOptions = {
    ...inject('clickhouse'),
    database: `test_${randomUUID().replaceAll('-', '')}`,
  };
  const client = openClient(options);
  await migrate(client, options);
  return { client, options };
}
