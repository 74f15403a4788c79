import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { messageListShape, threadDetailShape } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../config.js';
import { startService, type Service } from '../service.js';
import { createDataDir } from '../store/testing/data-dir.js';

const dataDir = createDataDir();
let service: Service;
let provider: FakeProvider;

beforeAll(async () => {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0'], {
    COLLOQUY_DATA_DIR: dataDir,
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'node_sdk',
  });
  service = await startService(config, () => undefined);
  provider = await startFakeProvider({
    script: [
      { user: 'Hello?', replies: [{ text: 'Hello!' }] },
      { user: 'And you?', replies: [{ text: 'Fine.' }] },
    ],
  });
});
afterAll(async () => {
  await provider.stop();
  await service.stop();
});

const dist = (path: string): readonly string[] => [
  fileURLToPath(new URL(`../../dist/instrumentation/apps/${path}`, import.meta.url)),
];

/** As `apps/chat.ts`, in the form that loads its modules with `require`; asks one question. */
const REQUIRING = `
  const { withThread } = require('@colloquy/threads');
  const { OpenAI } = require('openai');
  const client = new OpenAI({ baseURL: process.argv[1], apiKey: 'key', maxRetries: 0 });
  const messages = [{ role: 'user', content: 'Hello?' }];
  const ask = () => client.chat.completions.create({ model: 'gpt-4o', messages });
  withThread(process.argv[2], ask).then(({ choices }) => choices);
`;

/** Starts an application as a user would: nothing but a flag and the environment. */
function run(
  app: readonly string[],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(
    process.execPath,
    ['--import', '@colloquy/node', ...app, `${provider.url}/v1`, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        OTEL_EXPORTER_OTLP_ENDPOINT: service.httpUrl,
        OTEL_SERVICE_NAME: 'chat',
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
        ...env,
      },
    },
  );
}

async function read(threadId: string) {
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`${service.httpUrl}/api/v1/threads/${threadId}${path}`)).json();
  const { messages } = messageListShape.parse(await ask('/messages'));
  return {
    thread: threadDetailShape.parse(await ask('')),
    lines: messages.map(
      ({ role, parts: [part], source }) =>
        `${role}: ${part?.type === 'text' ? part.content : part?.type} (${source})`,
    ),
  };
}

const WHOLE = [
  'user: Hello? (both)',
  'assistant: Hello! (both)',
  'user: And you? (both)',
  'assistant: Fine. (both)',
];

describe('node --import @colloquy/node', () => {
  test('records an application that ends by itself', async () => {
    const app = run(dist('chat.js'), ['ends']);
    expect(await once(app, 'exit')).toEqual([0, null]);
    const { lines, thread } = await read('ends');
    expect(lines).toEqual(WHOLE);
    expect(thread).toMatchObject({
      services: ['chat'],
      user_ids: ['ada'],
      generation_count: 2,
      models: ['gpt-4o'],
    });
  });

  test('records one that is told to end', async () => {
    const app = run(dist('chat.js'), ['told', '--serve'], { OTEL_BSP_SCHEDULE_DELAY: '60000' });
    await once(app.stdout as NodeJS.ReadableStream, 'data');
    app.kill('SIGTERM');
    expect(await once(app, 'exit')).toEqual([null, 'SIGTERM']);
    expect((await read('told')).lines).toEqual(WHOLE);
  });

  test('records one that loads its modules with require', async () => {
    await once(run(['-e', REQUIRING, '--'], ['required']), 'exit');
    expect((await read('required')).lines).toEqual([
      'user: Hello? (derived)',
      'assistant: Hello! (derived)',
    ]);
  });

  test('joins the provider of an application, which goes on sending where it did', async () => {
    const elsewhere: string[] = [];
    const other = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        elsewhere.push(Buffer.concat(chunks).toString());
        response.end('{}');
      });
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    const app = run(dist('own-provider.js'), ['joined', `http://127.0.0.1:${port}`], {
      COLLOQUY_ENDPOINT: service.httpUrl,
    });
    expect(await once(app, 'exit')).toEqual([0, null]);
    other.close();
    expect(elsewhere.join('')).toContain('"colloquy.thread.id"');
    expect((await read('joined')).lines).toHaveLength(2);
  });

  test('records no content of model calls unless it is told to', async () => {
    const app = run(dist('chat.js'), ['quiet'], {
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: '',
    });
    await once(app, 'exit');
    const { lines, thread } = await read('quiet');
    expect(lines).toEqual(WHOLE.map((line) => line.replace('both', 'tracked')));
    expect(thread).toMatchObject({ generation_count: 2 });
  });

  test('goes out of the way while the collector is away', async () => {
    const app = run(dist('chat.js'), ['away'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    });
    expect(await once(app, 'exit')).toEqual([0, null]);
  });

  test('does nothing where OpenTelemetry is switched off', async () => {
    const app = run(dist('chat.js'), ['off'], { OTEL_SDK_DISABLED: 'true' });
    expect(await once(app, 'exit')).toEqual([0, null]);
    const { status } = await fetch(`${service.httpUrl}/api/v1/threads/off`);
    expect(status).toBe(404);
  });
});
