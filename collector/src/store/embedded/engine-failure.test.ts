import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { connect, selectRows, startTestEngine, temporaryFolder } from './engine-fixture.js';
import { startupFailure } from './startup-failure.js';

test('a second engine on the same folder is refused and the first goes on', async () => {
  const dataDir = await temporaryFolder();
  const first = await startTestEngine({ dataDir });
  await expect(startTestEngine({ dataDir })).rejects.toMatchObject({
    code: 'STARTUP_FAILED',
    message: `The data folder ${dataDir} is in use by another process; stop that one or choose another folder.`,
  });
  expect(await selectRows(connect(first), 'SELECT 1')).toEqual([[1]]);
}, 60_000);

test('an engine waits for the folder while the one before is still ending', async () => {
  const dataDir = await temporaryFolder();
  const first = await startTestEngine({ dataDir });
  const starting = startTestEngine({ dataDir });
  await new Promise((resolve) => {
    setTimeout(resolve, 2_000);
  });
  await first.stop();
  const second = await starting;
  expect(await selectRows(connect(second), 'SELECT 1')).toEqual([[1]]);
}, 60_000);

test('a folder that cannot be written to is named', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const dataDir = join(file, 'data');
  await expect(startTestEngine({ dataDir })).rejects.toMatchObject({
    code: 'STARTUP_FAILED',
    message: `The data folder ${dataDir} cannot be written to (ENOTDIR); make it writable or choose another one.`,
  });
});

test('a damaged password file is named', async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'passwords.json'), '{"admin":');
  await expect(startTestEngine({ dataDir })).rejects.toMatchObject({
    code: 'STARTUP_FAILED',
    message: `The passwords in ${join(dataDir, 'passwords.json')} cannot be read; delete the file to have new ones made.`,
  });
});

test('busy ports give way to the next free ones', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  expect(port).toBeGreaterThan(0);
  const engine = await startTestEngine({ httpPort: port, tcpPort: port });
  expect(engine.httpPort).toBeGreaterThan(port);
  expect(engine.tcpPort).toBeGreaterThan(engine.httpPort);
  expect(await selectRows(connect(engine), 'SELECT 1')).toEqual([[1]]);
});

test('an engine that ended for a reason of its own is quoted', () => {
  const stderr = 'Logging to x\nCode: 1. DB::Exception:\n  broken\n';
  const error = startupFailure({ exitCode: 0, signal: null, stderr }, '/data');
  expect(error.code).toBe('STARTUP_FAILED');
  expect(error.message).toBe(
    'The built-in ClickHouse ended before it was ready (exit code 0); it said: Logging to x Code: 1. DB::Exception: broken',
  );
});
