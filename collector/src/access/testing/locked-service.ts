import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createdKeyShape, type CreatedKeyAnswer } from '@colloquy/schema';
import { expect, inject } from 'vitest';
import { readConfig } from '../../config.js';
import { type Service, startService } from '../../service.js';

/** 64 characters, as `openssl rand -hex 32` prints them. */
export const BOOTSTRAP_KEY = 'b0'.repeat(32);

/** A collector as it runs, with a data folder and a database of its own. */
export interface TestService extends Service {
  readonly database: string;
  readonly dataDir: string;
  readonly reports: readonly string[];
  /** Asks with a key; `undefined` for none. */
  ask(key: string | undefined, path: string, init?: RequestInit): Promise<Response>;
  /** Makes a key as an operator does. */
  makeKey(fields: object): Promise<CreatedKeyAnswer>;
}

export interface TestServiceOptions {
  readonly database?: string;
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a collector that asks for keys: its bootstrap key is {@link BOOTSTRAP_KEY}. */
export async function startTestService({
  database = `keys_${randomUUID().replaceAll('-', '')}`,
  dataDir,
  flags = [],
  env = { COLLOQUY_BOOTSTRAP_KEY: BOOTSTRAP_KEY },
}: TestServiceOptions = {}): Promise<TestService> {
  const { url, username, password } = inject('clickhouse');
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'colloquy-keys-')));
  const argv = ['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0', ...flags];
  const config = readConfig(argv, {
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: database,
    COLLOQUY_DATA_DIR: folder,
    ...env,
  });
  const reports: string[] = [];
  const service = await startService(config, (message) => reports.push(message));
  const ask: TestService['ask'] = async (key, path, init = {}) =>
    fetch(`${service.httpUrl}${path}`, {
      ...init,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(init.headers as Readonly<Record<string, string>>),
      },
    });
  return {
    ...service,
    database,
    dataDir: folder,
    reports,
    ask,
    makeKey: async (fields) => {
      const response = await ask(env['COLLOQUY_BOOTSTRAP_KEY'], '/api/v1/keys', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'test', project_id: null, ...fields }),
      });
      expect(response.status).toBe(201);
      return createdKeyShape.parse(await response.json());
    },
    stop: async () => {
      await service.stop();
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A JSON post. */
export const post = (
  body: object,
  headers: Readonly<Record<string, string>> = {},
): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
