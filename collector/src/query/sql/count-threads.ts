import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';

/** How many threads a project has. */
export async function countThreads(client: ClickHouseClient, projectId: string): Promise<number> {
  const rows = await selectRows<{ total: string }>(
    client,
    'SELECT count() AS total FROM derived_threads FINAL WHERE project_id = {projectId:String}',
    { projectId },
  );
  return Number(rows[0]?.total ?? 0);
}
