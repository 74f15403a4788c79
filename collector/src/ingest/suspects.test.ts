import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadLetterListShape, messageListShape } from '@colloquy/schema';
import { afterEach, expect, test, vi } from 'vitest';
import { chatRequest } from '../access/testing/chat-request.js';
import { settled } from '../store/testing/settled.js';

/** The program as a user runs it; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const TIMEOUT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'colloquy-suspects-'));
let collector: ChildProcess;

async function start(): Promise<string> {
  const listen = ['--listen', '127.0.0.1:0', '--grpc-listen', 'off', '--data-dir', folder];
  const store = ['--clickhouse-http-port', '0', '--clickhouse-tcp-port', '0'];
  // So little memory is soon used up.
  const argv = ['--max-old-space-size=160', MAIN, ...listen, ...store];
  collector = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  collector.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(() => expect(output).toContain('Ctrl-C'), { timeout: 30_000 });
  return /OTLP\/HTTP +(\S+)/.exec(output)?.[1] ?? '';
}

afterEach(async () => {
  const ended = once(collector, 'exit');
  collector.kill('SIGKILL');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

interface Request {
  readonly resourceSpans: readonly [
    {
      readonly scopeSpans: readonly [
        { readonly spans: readonly [{ readonly attributes: object[] }] },
      ];
    },
  ];
}

/** Small on the wire, and no memory has room for the messages that it becomes. */
function hugeRequest(): object {
  const messages = { stringValue: `[${'{},'.repeat(190_000)}{}]` };
  const spans = Array.from({ length: 16 }, (_, index) => {
    const id = `a${index.toString(16)}`;
    const ids = { threadId: 'huge', traceId: id.repeat(16), spanId: id.repeat(8) };
    const [{ scopeSpans }] = (chatRequest(ids) as Request).resourceSpans;
    const [span] = scopeSpans[0].spans;
    const input = { key: 'gen_ai.input.messages', value: messages };
    return { ...span, attributes: [...span.attributes, input] };
  });
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

test(
  'a request that the ingest thread is lost of holds up no other for good, and is a dead letter',
  async () => {
    const url = await start();
    const post = async (body: object): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${url}/v1/traces`, init)).status;
    };
    const good = (threadId: string, id: string): object =>
      chatRequest({ threadId, traceId: id.repeat(32), spanId: id.repeat(16) });
    expect(await post(good('before', 'b'))).toBe(200);
    expect(await post(hugeRequest())).toBe(200);
    expect(await post(good('after', 'c'))).toBe(200);
    await vi.waitFor(
      async () =>
        expect(await (await fetch(`${url}/api/v1/status`)).json()).toMatchObject({ waiting: 0 }),
      { timeout: 90_000, interval: 200 },
    );
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(`${url}/api/v1${path}`)).json();
    for (const threadId of ['before', 'after']) {
      const { messages } = messageListShape.parse(await ask(`/threads/${threadId}/messages`));
      expect(messages.length).toBeGreaterThan(0);
    }
    const { dead_letters: letters } = deadLetterListShape.parse(await ask('/dead-letters'));
    expect(letters).toMatchObject([{ items: [{ reason: 'it takes more memory than there is' }] }]);
    expect(await post(good('later', 'd'))).toBe(200);
    await settled(url);
  },
  TIMEOUT_MS,
);
