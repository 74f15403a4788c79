import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { LogRecord, Span } from '@colloquy/schema';
import { normaliseLog, normaliseSpan } from '../../normalise/normalise.js';
import { Rebuilder } from '../../rebuilder.js';
import { openClient } from '../../store/client.js';
import { startEngine } from '../../store/embedded/engine.js';
import { FactStore } from '../../store/fact-store.js';
import { migrate } from '../../store/migrate.js';
import { DerivedStore } from '../../store/write-derived.js';
import type { TouchedTrace } from '../../store/write-facts.js';

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

/** Long enough never to pass: tests rebuild when they want to. */
const NEVER_MS = 600_000;

function fail(error: unknown): never {
  throw error;
}

/** Starts an embedded ClickHouse in a folder that `close` removes. */
export async function openTestStore(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-query-'));
  const engine = await startEngine({ dataDir, httpPort: 0, maxMemory: 1024 ** 3 });
  const { url, username, password } = engine;
  const options = { url, username, password, database: 'colloquy' };
  const client = openClient(options);
  await migrate(client, options);
  const touched: TouchedTrace[] = [];
  const facts = new FactStore({
    client,
    onStored: (traces) => touched.push(...traces),
    now: Date.now,
  });
  const derived = new DerivedStore(client, Date.now);
  return {
    client,
    write: async ({ spans, logs }, projectId = 'default') => {
      const canonical = { spans: spans.map(normaliseSpan), logs: logs.map(normaliseLog) };
      await facts.write({ projectId, ...canonical });
      const rebuilder = new Rebuilder({ client, derived, delayMs: NEVER_MS, onError: fail });
      rebuilder.touch(touched.splice(0));
      await rebuilder.stop();
    },
    close: async () => {
      await client.close();
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
