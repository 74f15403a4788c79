import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createdKeyShape } from '@colloquy/schema';
import { expect, test, vi } from 'vitest';
import { chatRequest } from './testing/chat-request.js';
import { post } from './testing/locked-service.js';

/** The program as a user runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const MARK = 'quetzalcoatl';
const BOOTSTRAP = `${MARK}-bootstrap-0123456789abcdef0123456789abcdef`;
const TEXT = `${MARK} said something that nobody else may read`;

const childrenOf = async (pid: number): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .split(' ')
    .filter(Boolean)
    .map(Number);

test.runIf(process.platform === 'linux')(
  'no secret, header or content gets into any log, whatever goes wrong',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-log-'));
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        COLLOQUY_LISTEN: '127.0.0.1:0',
        COLLOQUY_GRPC_LISTEN: '127.0.0.1:0',
        COLLOQUY_CLICKHOUSE_HTTP_PORT: '0',
        COLLOQUY_CLICKHOUSE_TCP_PORT: '0',
        COLLOQUY_DATA_DIR: dataDir,
        COLLOQUY_BOOTSTRAP_KEY: BOOTSTRAP,
        COLLOQUY_API_KEY: `${MARK}-of-a-command`,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'close');
    await vi.waitUntil(() => output.includes('Ctrl-C stops it.'), 30_000);
    const url = /OTLP\/HTTP +(\S+)/.exec(output)?.[1] ?? '';
    const ask = (key: string, path: string, init: RequestInit = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: {
          ...(init.headers as Readonly<Record<string, string>>),
          authorization: `Bearer ${key}`,
          'x-odd': `${MARK}-header`,
          baggage: `user=${MARK}`,
        },
      });
    const made = createdKeyShape.parse(
      await (
        await ask(
          BOOTSTRAP,
          '/api/v1/keys',
          post({
            name: `${MARK}-name`,
            project_id: 'default',
            scopes: ['ingest', 'read', 'write'],
          }),
        )
      ).json(),
    );
    const chat = chatRequest({
      threadId: `${MARK}-thread`,
      traceId: 'a1'.repeat(16),
      spanId: 'b2'.repeat(8),
      text: TEXT,
    });
    expect((await ask(made.key, '/v1/traces', post(chat))).status).toBe(200);
    const json = { 'content-type': 'application/json' };
    const wrong: readonly (readonly [string, RequestInit?])[] = [
      ['/v1/traces', { method: 'POST', headers: json, body: `{"${TEXT}` }],
      ['/v1/traces', { method: 'POST', headers: { 'content-type': `text/${MARK}` }, body: TEXT }],
      [
        '/v1/traces',
        { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: TEXT },
      ],
      ['/v1/logs', post({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: TEXT }] }] }] })],
      ['/api/v1/keys', { method: 'POST', headers: json, body: `{"${TEXT}` }],
      [`/api/v1/threads?cursor=${MARK}`],
      [`/api/v1/threads/${MARK}%00%ff/messages`],
      [`/api/v1/traces/${MARK}`],
      [`/api/v1/${MARK}`],
      [`/api/v1/rebuild?thread_id=${MARK}`, post({})],
    ];
    for (const key of [made.key, `${MARK}-no-key`, BOOTSTRAP])
      for (const [path, init] of wrong) await (await ask(key, path, init)).text();
    const threads = async (): Promise<string> => (await ask(made.key, '/api/v1/threads')).text();
    await vi.waitUntil(async () => (await threads()).includes(MARK), 10_000);
    // ClickHouse dies under requests of both kinds.
    for (const pid of await childrenOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? ask(made.key, '/v1/traces', post(chat)) : threads(),
      ),
    );
    await vi.waitUntil(async () => (await threads()).includes(MARK), 30_000);
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    expect(output).toMatch(/ClickHouse: /);
    for (const secret of [MARK, made.key, made.key.slice(-20)])
      expect(output).not.toContain(secret);
    const logs = join(dataDir, 'logs');
    for (const name of await readdir(logs)) {
      const text = await readFile(join(logs, name), 'utf8');
      for (const secret of [MARK, made.key.slice(-20)])
        expect({ name, leaks: text.includes(secret) }).toEqual({ name, leaks: false });
    }
    await rm(dataDir, { recursive: true, force: true });
  },
  120_000,
);
