import type { ClickHouseClient } from '@clickhouse/client';
import type { LogRecord, Span } from '@colloquy/schema';
import { Pipeline } from '../../pipeline.js';
import { openTestStore as openDatabase } from '../../store/testing/open-test-store.js';

/** What one write brings, as decoded. */
export interface Telemetry {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

/** A real, empty store of its own. */
export interface TestStore {
  readonly client: ClickHouseClient;
  /** Stores telemetry as the pipeline does, and returns once lists show it. */
  write(telemetry: Telemetry, projectId?: string): Promise<void>;
  close(): Promise<void>;
}

function fail(error: unknown): never {
  throw error;
}

/** Opens a database of its own in the ClickHouse that all test files share. */
export async function openTestStore(): Promise<TestStore> {
  const { client } = await openDatabase();
  return {
    client,
    write: async (telemetry, projectId = 'default') => {
      const pipeline = new Pipeline({ client, now: Date.now, onError: fail });
      await pipeline.consume({ projectId, bytes: 0, ...telemetry });
      await pipeline.stop();
    },
    close: () => client.close(),
  };
}
