import type { ClickHouseClient } from '@clickhouse/client';
import { openClient } from '../store/client.js';
import { startEngine } from '../store/embedded/engine.js';
import { migrate } from '../store/migrate.js';
import { withTemporaryFolder } from './temporary-folder.js';

/** Opens a database of the store, empty and with the schema. */
export type OpenDatabase = (database: string) => Promise<ClickHouseClient>;

/** Lends an embedded ClickHouse to work with in this process; stopped and removed afterwards. */
export async function withStore<T>(use: (open: OpenDatabase) => Promise<T>): Promise<T> {
  return withTemporaryFolder(async (dataDir) => {
    const engine = await startEngine({ dataDir, httpPort: 0 });
    const clients: ClickHouseClient[] = [];
    const open: OpenDatabase = async (database) => {
      const { url, username, password } = engine;
      const client = openClient({ url, username, password, database });
      clients.push(client);
      await migrate(client, { url, username, password, database });
      return client;
    };
    try {
      return await use(open);
    } finally {
      for (const client of clients) await client.close();
      await engine.stop();
    }
  });
}
