import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createClient, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import { onTestFinished } from 'vitest';

import { type Credentials, type Engine, type EngineOptions, startEngine } from './engine.js';

/** An empty folder, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-engine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An engine on ports that the kernel chooses, stopped after the test. */
export async function startTestEngine(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const engine = await startEngine({ httpPort: 0, ...options, dataDir });
  onTestFinished(() => engine.stop());
  return engine;
}

/** A client that does not log; the caller closes it before the engine stops. */
export function createTestClient(engine: Engine, user: Credentials = engine): ClickHouseClient {
  const { username, password } = user;
  return createClient({
    url: engine.url,
    username,
    password,
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** As `createTestClient`, closed after the test. */
export function connect(engine: Engine, user?: Credentials): ClickHouseClient {
  const client = createTestClient(engine, user);
  onTestFinished(() => client.close());
  return client;
}

/** The result's rows, as arrays. */
export async function selectRows(client: ClickHouseClient, query: string): Promise<unknown[]> {
  const result = await client.query({ query, format: 'JSONCompactEachRow' });
  return result.json();
}

/** Asks again and again until the answer is something; fails after the deadline. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${ask.toString()}`);
    await sleep(20);
  }
}

/** False also for what has ended and only waits for its parent, or for init, to notice. */
export function isAlive(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
