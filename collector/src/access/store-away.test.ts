import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inject, expect, test, vi } from 'vitest';
import { openClient } from '../store/client.js';
import { openAccess } from './access.js';
import { checkDoors } from './check-doors.js';
import { RULES } from './rules.js';
import { readConfig } from '../config.js';
import { BOOTSTRAP_KEY, post, startTestService } from './testing/locked-service.js';

/** A way to the ClickHouse of the tests that can be cut. */
async function openWay(): Promise<{ readonly url: string; cut(): Promise<void> }> {
  const target = new URL(inject('clickhouse').url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

test('while ClickHouse is away the known keys hold, here and in a process that starts then', async () => {
  const way = await openWay();
  const service = await startTestService({
    env: { COLLOQUY_BOOTSTRAP_KEY: BOOTSTRAP_KEY, COLLOQUY_CLICKHOUSE_URL: way.url },
  });
  const { key } = await service.makeKey({ project_id: 'default', scopes: ['ingest'] });
  await way.cut();
  const send = async (shown: string): Promise<number> =>
    (await service.ask(shown, '/v1/traces', post({ resourceSpans: [] }))).status;
  for (let round = 0; round < 3; round += 1) {
    expect(await send(key)).toBe(200);
    expect(await send(`${key.slice(0, -1)}x`)).toBe(401);
    // Past the time within which it does not look again.
    await new Promise((resolve) => {
      setTimeout(resolve, 600);
    });
  }
  const created = post({ name: 'x', project_id: 'default', scopes: ['read'] });
  expect((await service.ask(BOOTSTRAP_KEY, '/api/v1/keys', created)).status).toBe(503);

  const failures: unknown[] = [];
  const client = openClient({ ...inject('clickhouse'), url: way.url, database: service.database });
  const access = await openAccess({
    client,
    dataDir: service.dataDir,
    storeName: `${way.url} ${service.database}`,
    bootstrapKey: undefined,
    isLetIn: () => false,
    now: Date.now,
    onError: (error) => failures.push(error),
  });
  expect(failures).toHaveLength(1);
  const [rule] = RULES.filter(({ path }) => path === '/v1/traces');
  const attempt = { origin: undefined, host: undefined, project: undefined };
  expect((await access.admit(rule!, { ...attempt, credentials: key })).projectId).toBe('default');
  checkDoors(readConfig(['--listen', '0.0.0.0:0'], {}), access);
  await access.stop();
  await client.close();
  await service.stop();
}, 60_000);

test('where nothing is known nobody is let in, and no door is opened to other machines', async () => {
  const client = openClient({ ...inject('clickhouse'), url: 'http://127.0.0.1:9', database: 'x' });
  const open = (bootstrapKey: string | undefined) =>
    openAccess({
      client,
      dataDir: '/nowhere',
      storeName: '',
      bootstrapKey,
      isLetIn: () => false,
      now: Date.now,
      onError: vi.fn<(error: unknown) => void>(),
    });
  const access = await open(undefined);
  const [rule] = RULES.filter(({ path }) => path === '/v1/traces');
  const attempt = { origin: undefined, host: undefined, project: undefined };
  const admit = (credentials: string | undefined) =>
    access.admit(rule!, { ...attempt, credentials });
  await expect(admit(undefined)).rejects.toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
  );
  await expect(admit('any')).rejects.toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
  );
  const config = readConfig(['--grpc-listen', '[::]:0'], {});
  expect(() => checkDoors(config, access)).toThrow('ClickHouse does not tell which keys there are');
  const bootstrapped = await open(BOOTSTRAP_KEY);
  checkDoors(config, bootstrapped);
  await access.stop();
  await bootstrapped.stop();
  await client.close();
});
