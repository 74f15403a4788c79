import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEngine } from '../embedded/engine.js';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly clickhouse: {
      readonly url: string;
      readonly username: string;
      readonly password: string;
      /** May read the database `colloquy` and nothing else. */
      readonly reader: { readonly username: string; readonly password: string };
    };
  }
}

/** One ClickHouse for all test files, on ports that the system chooses; each file has its own database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-test-'));
  const engine = await startEngine({ dataDir, httpPort: 0, tcpPort: undefined });
  const { url, username, password, reader } = engine;
  project.provide('clickhouse', { url, username, password, reader });
  return async () => {
    await engine.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
