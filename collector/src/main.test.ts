import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { settled } from './store/testing/settled.js';

/** The program as a user runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const runs: Run[] = [];

function run(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  command: readonly string[] = [],
): Run {
  const [file = process.execPath, ...rest] = [...command, process.execPath, MAIN, ...args];
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      COLLOQUY_LISTEN: '127.0.0.1:0',
      COLLOQUY_GRPC_LISTEN: '127.0.0.1:0',
      COLLOQUY_CLICKHOUSE_HTTP_PORT: '0',
      COLLOQUY_CLICKHOUSE_TCP_PORT: '0',
      COLLOQUY_DATA_DIR: mkdtempSync(join(tmpdir(), 'colloquy-main-')),
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const made = { process: child, output: () => text, ended };
  runs.push(made);
  return made;
}

afterEach(async () => {
  for (const { process: child, ended } of runs.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  }
});

const WAIT = { timeout: 15_000, interval: 20 };

async function ready(started: Run): Promise<string> {
  await vi.waitFor(() => expect(started.output()).toContain('Ctrl-C stops it.'), WAIT);
  return /OTLP\/HTTP +(\S+)/.exec(started.output())?.[1] ?? '';
}

/** Whether a process is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);

describe('colloquy', () => {
  test('starts, says where it listens, takes the message it shows, and ends on SIGINT within 3 s', async () => {
    const started = run({});
    const url = await ready(started);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const body = / -d '(.+)'$/m.exec(started.output())?.[1] ?? '';
    const sent = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await sent.json()).toEqual({});
    await settled(url);
    const { messages } = (await (await fetch(`${url}/api/v1/threads/hello/messages`)).json()) as {
      messages: { role: string }[];
    };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    const since = performance.now();
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(3_000);
  });

  test('leaves no ClickHouse behind when it is killed', async () => {
    const started = run({});
    await ready(started);
    const children = childrenOf(started.process.pid ?? 0);
    expect(children.filter(isAlive)).not.toEqual([]);
    started.process.kill('SIGKILL');
    await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), WAIT);
  });

  test('ends when npm, which started it, is killed', async () => {
    const started = run({ npm_lifecycle_event: 'start' }, [], ['sh', '-c', '"$@"; exit', 'sh']);
    await ready(started);
    const children = childrenOf(started.process.pid ?? 0);
    expect(children.filter(isAlive)).not.toEqual([]);
    started.process.kill('SIGKILL');
    await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), WAIT);
  });

  test('says in one sentence that its port is busy', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const bound = blocker.address();
    const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
    const started = run({ COLLOQUY_LISTEN: `127.0.0.1:${port}` });
    expect(await started.ended).toBe(1);
    expect(started.output()).toBe(
      `127.0.0.1:${port} is in use by another process; choose another with --listen or COLLOQUY_LISTEN.\n`,
    );
    blocker.close();
  });

  test('says in one sentence that its data folder cannot be used', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'colloquy-main-')), 'file');
    writeFileSync(file, '');
    const started = run({ COLLOQUY_DATA_DIR: join(file, 'data') });
    expect(await started.ended).toBe(1);
    expect(started.output().trim().split('\n')).toHaveLength(1);
    expect(started.output()).toContain(file);
  });

  test('says in one sentence that its data folder is in use, and leaves the first alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-main-'));
    const first = run({ COLLOQUY_DATA_DIR: folder });
    const url = await ready(first);
    const second = run({ COLLOQUY_DATA_DIR: folder });
    expect(await second.ended).toBe(1);
    expect(second.output().trim().split('\n')).toHaveLength(1);
    expect(second.output()).toContain(folder);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('starts while another ClickHouse cannot be reached, and says so', async () => {
    const started = run({ COLLOQUY_CLICKHOUSE_URL: 'http://127.0.0.1:9' });
    const url = await ready(started);
    expect(started.output()).toContain('ClickHouse at http://127.0.0.1:9 cannot be used');
    expect(started.output()).toContain('is away: what is sent is kept');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    started.process.kill('SIGTERM');
    expect(await started.ended).toBe(0);
  });

  test('refuses other machines without a key, and says how one is made', async () => {
    const started = run({ COLLOQUY_LISTEN: '0.0.0.0:0' });
    expect(await started.ended).toBe(1);
    expect(started.output().trim().split('\n')).toHaveLength(1);
    expect(started.output()).toContain('--listen is 0.0.0.0:0, but there is no key yet');
    expect(started.output()).toContain('colloquy keys create');
  });

  test('two that share one ClickHouse migrate it at the same time', async () => {
    const owner = run({});
    await ready(owner);
    const store = /ClickHouse +(\S+)/.exec(owner.output())?.[1] ?? '';
    const folder = /its password is in (\S+)/.exec(owner.output())?.[1] ?? '';
    const passwords = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as {
      admin: string;
    };
    const env = {
      COLLOQUY_CLICKHOUSE_URL: store,
      COLLOQUY_CLICKHOUSE_USER: 'colloquy',
      COLLOQUY_CLICKHOUSE_PASSWORD: passwords.admin,
      COLLOQUY_CLICKHOUSE_DATABASE: 'shared',
    };
    const pair = [run(env), run(env), run(env)];
    for (const one of pair) expect((await fetch(`${await ready(one)}/readyz`)).status).toBe(200);
  });

  test('shows its settings', async () => {
    const started = run({}, ['--help']);
    expect(await started.ended).toBe(0);
    expect(started.output()).toContain('COLLOQUY_CLICKHOUSE_URL');
  });
});
