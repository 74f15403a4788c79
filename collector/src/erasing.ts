import type { ClickHouseClient } from '@clickhouse/client';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { ErasureLedger } from './erasure/ledger.js';
import { addErasureRoutes } from './erasure/routes.js';
import { Retention } from './retention/retention.js';
import { addRetentionRoutes } from './retention/routes.js';

export interface ErasingOptions {
  readonly client: ClickHouseClient;
  readonly inferThreads: boolean;
  /** Which project a request may erase from. */
  readonly projectOf: (request: Request) => string;
  /** Told of work that failed and will be tried again. */
  readonly onError: (error: unknown) => void;
}

/** What asks for erasures; the ingest thread does them. */
export interface Erasing {
  isErasing(): Promise<boolean>;
  /** To be told when stored records begin and cease to be written again. */
  onRerun(isRunning: boolean): void;
  addRoutes(app: OpenAPIHono): void;
}

export function createErasing({
  client,
  inferThreads,
  projectOf,
  onError,
}: ErasingOptions): Erasing {
  let isRerunning = false;
  const now = Date.now;
  const ledger = new ErasureLedger(client, now);
  const retention = new Retention({ client, ledger, now, onError });
  return {
    isErasing: async () => (await ledger.findUnfinished()).length > 0,
    onRerun: (isRunning) => {
      isRerunning = isRunning;
    },
    addRoutes: (app) => {
      const shared = { client, ledger, inferThreads, projectOf, now };
      addErasureRoutes(app, { ...shared, isRerunning: () => isRerunning });
      addRetentionRoutes(app, { ...shared, retention });
    },
  };
}
