import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ErasureAnswer, ErasurePreviewAnswer, RetentionAnswer } from '@colloquy/schema';
import { afterEach, expect, test, vi } from 'vitest';
import { erase } from '../cli/erase.js';
import { retention } from '../cli/retention.js';
import { settled } from '../store/testing/settled.js';

/** The program as a user runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const TIMEOUT_MS = 240_000;

const children: ChildProcess[] = [];

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
});

async function start(
  dataDir: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      COLLOQUY_LISTEN: '127.0.0.1:0',
      COLLOQUY_GRPC_LISTEN: 'off',
      COLLOQUY_CLICKHOUSE_HTTP_PORT: '0',
      COLLOQUY_CLICKHOUSE_TCP_PORT: '0',
      COLLOQUY_DATA_DIR: dataDir,
    },
  });
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await vi.waitFor(() => expect(text).toContain('Ctrl-C stops it.'), {
    timeout: 60_000,
    interval: 20,
  });
  return { child, url: /OTLP\/HTTP +(\S+)/.exec(text)?.[1] ?? '' };
}

async function say(url: string, thread: string, startedAt: number, words: string): Promise<void> {
  const nano = `${startedAt}000000`;
  const message = [{ role: 'user', parts: [{ type: 'text', content: words }] }];
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'session.id': thread,
    'gen_ai.input.messages': JSON.stringify(message),
  };
  const span = {
    traceId: Buffer.from(`${thread}${startedAt}`.padEnd(16, '.').slice(-16)).toString('hex'),
    spanId: Buffer.from(thread.padEnd(8, '.').slice(0, 8)).toString('hex'),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
  };
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(200);
}

async function ask<T>(url: string, path: string, body?: object): Promise<T> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${url}/api/v1${path}`, body === undefined ? {} : init);
  expect({ path, ok: response.ok }).toEqual({ path, ok: true });
  return (await response.json()) as T;
}

const listed = async (url: string): Promise<readonly string[]> =>
  (await ask<{ threads: readonly { thread_id: string }[] }>(url, '/threads')).threads.map(
    ({ thread_id }) => thread_id,
  );

async function waitFor(
  url: string,
  id: string,
  isThere: (one: ErasureAnswer) => boolean,
): Promise<ErasureAnswer> {
  for (;;) {
    const erasure = await ask<ErasureAnswer>(url, `/erasures/${id}`);
    if (isThere(erasure)) return erasure;
    await sleep(10);
  }
}

/** What a command prints. */
async function print(
  run: () => Promise<number>,
): Promise<{ readonly code: number; readonly text: string }> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  try {
    const code = await run();
    return { code, text: log.mock.calls.map((args) => args.map(String).join(' ')).join('\n') };
  } finally {
    log.mockRestore();
  }
}

test(
  'is gone on with after a SIGKILL in the middle, and counted to nothing',
  { timeout: TIMEOUT_MS },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'colloquy-erasure-'));
    const before = Date.now() - 60_000;
    const first = await start(dataDir);
    await say(first.url, 'doomed', before, 'Nobody shall know');
    await say(first.url, 'spared', before, 'Everybody may know');
    await settled(first.url);
    const { confirm, counts } = await ask<ErasurePreviewAnswer>(first.url, '/erasures', {
      thread: 'doomed',
    });
    expect(counts).toMatchObject({ threads: 1, traces: 1, spans: 1, contents: 1 });
    expect(await listed(first.url)).toHaveLength(2);
    const refused = await fetch(`${first.url}/api/v1/erasures`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ thread: 'spared', confirm }),
    });
    expect(refused.status).toBe(409);
    const { erasure_id } = await ask<ErasureAnswer>(first.url, '/erasures', {
      thread: 'doomed',
      confirm,
    });
    await waitFor(first.url, erasure_id, ({ step }) => step.startsWith('deleting from'));
    await end(first.child);

    const { url } = await start(dataDir);
    const done = await waitFor(url, erasure_id, ({ state }) => state === 'done');
    expect(done).toMatchObject({ kind: 'thread', subject: null, error: null });
    expect(done.counts).toEqual(counts);
    expect(done.tables.filter(({ left }) => left > 0)).toEqual([]);
    expect(done.tables.find(({ table }) => table === 'fact_spans')).toMatchObject({
      before: 1,
      deleted: 1,
    });
    await say(url, 'doomed', before, 'Nobody shall know');
    await settled(url);
    expect(await listed(url)).toEqual(['spared']);
    expect((await waitFor(url, erasure_id, ({ late }) => late.spans > 0)).late).toEqual({
      spans: 1,
      logs: 0,
    });
    const found = await ask<{ total: number }>(url, '/erasures?thread=doomed');
    expect(found.total).toBe(1);

    const asked = await print(() => erase(['thread', 'spared', '--url', url]));
    expect(asked).toMatchObject({
      code: 1,
      text: expect.stringContaining('1 thread, 1 trace, 1 span'),
    });
    expect(await listed(url)).toEqual(['spared']);
    const erased = await print(() => erase(['thread', 'spared', '--url', url, '--yes']));
    expect(erased.code).toBe(0);
    expect(erased.text).toMatch(/fact_spans +1 +1 +0\n/);
    expect(await listed(url)).toEqual([]);

    const kept = await print(() => retention(['set', '30', '--url', url, '--yes']));
    expect(kept.text).toContain('Threads are kept for 30 days');
    expect((await ask<RetentionAnswer>(url, '/retention?days=7')).expires).toMatchObject({
      days: 7,
      threads: 0,
    });
    expect((await print(() => retention(['set', 'off', '--url', url]))).text).toContain('for good');
  },
);
