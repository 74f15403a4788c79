import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createTestClient, selectRows } from './engine-fixture.js';
import { type Engine, startEngine } from './engine.js';

let dataDir: string;
let engine: Engine;
let admin: ClickHouseClient;
let reader: ClickHouseClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'colloquy-engine-'));
  engine = await startEngine({ dataDir, httpPort: 0 });
  admin = createTestClient(engine);
  reader = createTestClient(engine, engine.reader);
  for (const database of ['colloquy', 'other']) {
    await admin.command({ query: `CREATE DATABASE ${database}` });
    await admin.command({
      query: `CREATE TABLE ${database}.t ENGINE = MergeTree ORDER BY n AS SELECT 7 AS n`,
    });
  }
});

afterAll(async () => {
  await Promise.all([admin.close(), reader.close()]);
  await engine.stop();
  await rm(dataDir, { recursive: true });
});

const FILE_READS = [
  'SELECT * FROM default.`/etc/hostname`',
  'SELECT * FROM `/etc/hostname`',
  `SELECT * FROM file('/etc/hostname')`,
  `SELECT * FROM file('/etc/hostname', LineAsString, 'line String')`,
  `SELECT * FROM filesystem('/etc')`,
  `SELECT * FROM loop(file('/etc/hostname', LineAsString))`,
  `SELECT * FROM icebergLocal('/etc')`,
  `SELECT * FROM executable('cat', TSV, 'line String')`,
  `DESCRIBE TABLE file('/etc/hostname', LineAsString)`,
  `SELECT file('/etc/hostname')`,
  `SELECT file('/etc/hostname', 'instead')`,
  `SELECT arrayMap(file, ['/etc/hostname'])`,
  `SELECT arrayMap(path -> file(path), ['/etc/hostname'])`,
  `SELECT * APPLY(file) FROM (SELECT '/etc/hostname' AS path)`,
  `SELECT * FROM view(SELECT file('/etc/hostname'))`,
  `SELECT name FROM (SELECT 1) ARRAY JOIN [file('/etc/hostname')] AS name`,
];

const NETWORK_READS = [
  `SELECT * FROM url('http://127.0.0.1:1/', CSV, 'line String')`,
  `SELECT * FROM s3('http://127.0.0.1:1/bucket/key', CSV, 'line String')`,
  `SELECT * FROM remote('127.0.0.1:9000', other.t)`,
];

const OTHER_READS = [
  'SELECT * FROM other.t',
  "SELECT * FROM merge(REGEXP('other'), 't')",
  'SELECT * FROM system.users',
  'SELECT * FROM system.processes',
  'SELECT * FROM system.query_log',
  'SELECT * FROM system.named_collections',
  "SELECT demangle('x')",
];

const WRITES = [
  'INSERT INTO colloquy.t VALUES (1)',
  `INSERT INTO FUNCTION file('/tmp/colloquy.csv', CSV, 'n UInt8') VALUES (1)`,
  'CREATE TABLE colloquy.u (n UInt8) ENGINE = Memory',
  'CREATE TEMPORARY TABLE u (n UInt8)',
  'CREATE FUNCTION f AS n -> n',
  'DROP FUNCTION file',
  'DROP TABLE colloquy.t',
  'ALTER TABLE colloquy.t DELETE WHERE 1',
  'TRUNCATE TABLE colloquy.t',
  'SYSTEM STOP LISTEN QUERIES ALL',
];

const WIDER_LIMITS = [
  'SELECT 1 SETTINGS readonly = 0',
  'SELECT 1 SETTINGS max_memory_usage = 0',
  'SELECT 1 SETTINGS max_execution_time = 0',
  'SELECT 1 SETTINGS max_execution_time = 100000',
  'SELECT 1 SETTINGS allow_introspection_functions = 1',
];

describe('the reader', () => {
  test('reads the database colloquy', async () => {
    expect(await selectRows(reader, 'SELECT * FROM colloquy.t')).toEqual([[7]]);
    expect(await selectRows(reader, 'SHOW DATABASES')).toEqual([['colloquy']]);
  });

  test('may set its own time-out, as drivers do', async () => {
    const query = 'SELECT 1 SETTINGS max_execution_time = 65';
    expect(await selectRows(reader, query)).toEqual([[1]]);
  });

  test.each([...FILE_READS, ...NETWORK_READS, ...OTHER_READS, ...WRITES, ...WIDER_LIMITS])(
    'is refused %s',
    async (query) => {
      const refusal = await reader.command({ query }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({ code: expect.stringMatching(/^\d+$/) });
      // Refused by the engine for what it asks for, not because it cannot be parsed.
      expect(refusal).not.toMatchObject({ code: '62' });
    },
  );

  test('reads no file even by a name that the engine would have to guess', async () => {
    const answer = await fetch(`${engine.url}/?query=SELECT+*+FROM+%60/etc/passwd%60`, {
      headers: {
        'X-ClickHouse-User': engine.reader.username,
        'X-ClickHouse-Key': engine.reader.password,
      },
    });
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('root');
  });
});

describe('without a password', () => {
  test.each(['', '&user=default', '&user=default&session_id=s&max_sessions_for_user=0'])(
    'nobody is let in with "%s"',
    async (login) => {
      const answer = await fetch(`${engine.url}/?query=SELECT+'let+in'${login}`);
      expect(answer.status).toBe(500);
      expect(await answer.text()).toContain('Code: 700');
    },
  );

  test.each(['colloquy', 'colloquy_reader'])('%s is refused', async (user) => {
    const answer = await fetch(`${engine.url}/?query=SELECT+1&user=${user}&password=guess`);
    expect(answer.status).toBe(403);
  });
});

test('the passwords are readable by their owner alone', async () => {
  const { mode } = await stat(join(dataDir, 'passwords.json'));
  expect((mode & 0o777).toString(8)).toBe('600');
  expect(engine.password).not.toBe(engine.reader.password);
});
