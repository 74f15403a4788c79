import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';

import { describe, expect, test } from 'vitest';

import {
  connect,
  createTestClient,
  eventually,
  isAlive,
  selectRows,
  startTestEngine,
  temporaryFolder,
} from './engine-fixture.js';
import type { EngineEvent } from './engine.js';

const CREATE = 'CREATE TABLE colloquy.t (n UInt64) ENGINE = MergeTree ORDER BY n';

describe('a started engine', () => {
  test('answers queries on ports that the kernel chose', async () => {
    const engine = await startTestEngine({ tcpPort: 0 });
    expect(engine.url).toBe(`http://127.0.0.1:${engine.httpPort}`);
    expect(engine.httpPort).toBeGreaterThan(0);
    expect(engine.tcpPort).toBeGreaterThan(0);
    const rows = await selectRows(connect(engine), 'SELECT currentUser(), timezone(), 1 + 1');
    expect(rows).toEqual([['colloquy', 'UTC', 2]]);
  });

  test('leaves the native port closed unless asked for', async () => {
    const engine = await startTestEngine();
    expect(engine.tcpPort).toBeUndefined();
  });

  test('stops fast once clients are closed, and only once', async () => {
    const engine = await startTestEngine();
    const { pid } = engine;
    const client = createTestClient(engine);
    await client.ping({ select: true });
    await client.close();
    const started = performance.now();
    await Promise.all([engine.stop(), engine.stop()]);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(isAlive(pid)).toBe(false);
    await engine.stop();
  });

  test('is set up to sync to disk, to tell repeated inserts, and to use bounded memory', async () => {
    const client = connect(await startTestEngine({ maxMemory: 1_000_000_000 }));
    const mergeTree = await selectRows(
      client,
      'SELECT name, value FROM system.merge_tree_settings WHERE changed ORDER BY name',
    );
    expect(mergeTree).toEqual([
      ['auto_statistics_types', ''],
      ['fsync_after_insert', '1'],
      ['fsync_part_directory', '1'],
      ['min_compressed_bytes_to_fsync_after_merge', '1'],
      ['non_replicated_deduplication_window', '10000'],
    ]);
    const [memory] = await selectRows(
      client,
      `SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'`,
    );
    expect(memory).toEqual(['1000000000']);
  });

  test('keeps data, passwords, dictionaries and working system logs over a restart', async () => {
    const dataDir = await temporaryFolder();
    const first = await startTestEngine({ dataDir });
    const before = createTestClient(first);
    await before.command({ query: 'CREATE DATABASE colloquy' });
    await before.command({ query: CREATE });
    await before.command({ query: 'INSERT INTO colloquy.t SELECT number FROM numbers(1000)' });
    await before.command({
      query: `CREATE DICTIONARY colloquy.d (n UInt64, m UInt64) PRIMARY KEY n LAYOUT(FLAT())
        SOURCE(CLICKHOUSE(USER '${first.username}' PASSWORD '${first.password}'
          QUERY 'SELECT n, n + 1 AS m FROM colloquy.t')) LIFETIME(0)`,
    });
    await before.command({ query: 'SYSTEM FLUSH LOGS' });
    await before.close();
    await first.stop();

    const second = await startTestEngine({ dataDir });
    expect([second.password, second.reader]).toEqual([first.password, first.reader]);
    const after = connect(second);
    expect(await selectRows(after, 'SELECT count() FROM colloquy.t')).toEqual([[1000]]);
    const asReader = connect(second, second.reader);
    expect(await selectRows(asReader, `SELECT dictGet('colloquy.d', 'm', 7)`)).toEqual([[8]]);
    await after.command({ query: 'SYSTEM FLUSH LOGS' });
    const logs = `SELECT name FROM system.tables WHERE database = 'system' AND name LIKE '%\\_log'`;
    expect(await selectRows(after, logs)).toEqual([['part_log'], ['query_log']]);
  });
});

describe('an engine that dies', () => {
  test('comes back on the same port with every acknowledged row', async () => {
    const events: EngineEvent[] = [];
    const engine = await startTestEngine({ onEvent: (event) => events.push(event) });
    const client = connect(engine);
    await client.command({ query: 'CREATE DATABASE colloquy' });
    await client.command({ query: CREATE });
    for (let batch = 0; batch < 5; batch += 1) {
      const values = Array.from({ length: 200 }, (_, row) => ({ n: batch * 200 + row }));
      await client.insert({ table: 'colloquy.t', values, format: 'JSONEachRow' });
    }
    const { pid, url } = engine;
    process.kill(pid, 'SIGKILL');

    await eventually(() => events.some(({ kind }) => kind === 'restarted'));
    expect(events[0]).toMatchObject({ kind: 'died', signal: 'SIGKILL' });
    expect(engine.pid).not.toBe(pid);
    expect(engine.url).toBe(url);
    expect(await selectRows(client, 'SELECT count() FROM colloquy.t')).toEqual([[1000]]);
  });

  test('comes back after the bytes that crash ClickHouse 26.7', async () => {
    const events: EngineEvent[] = [];
    const engine = await startTestEngine({ onEvent: (event) => events.push(event) });
    const socket = connectSocket(engine.httpPort, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.end('POST / HTTP/1.1\r\nContent-Length: none\r\n\r\n');
    await eventually(() => events.some(({ kind }) => kind === 'restarted'));
    expect(await selectRows(connect(engine), 'SELECT 1')).toEqual([[1]]);
    socket.destroy();
  });

  test('is not started again by a stop that comes while it is down', async () => {
    const events: EngineEvent[] = [];
    const engine = await startTestEngine({ onEvent: (event) => events.push(event) });
    process.kill(engine.pid, 'SIGKILL');
    await eventually(() => events.some(({ kind }) => kind === 'died'));
    await engine.stop();
    expect(events.map(({ kind }) => kind)).toEqual(['died']);
    await expect(fetch(engine.url)).rejects.toThrow('fetch failed');
  });
});
