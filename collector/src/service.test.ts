import { get } from 'node:http';
import { startFakeProvider } from '@colloquy/fake-provider';
import type { Message } from '@colloquy/schema';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { readConfig } from './config.js';
import { PRODUCERS } from './producers/index.js';
import type { App } from './producers/producer.js';
import { repliesOf, type Play } from './recorder/play.js';
import { runApp } from './recorder/run-app.js';
import { expectThreads } from './scenarios/expect.js';
import { TRAVEL } from './scenarios/travel.js';
import { startService, type Service } from './service.js';
import { createDataDir } from './store/testing/data-dir.js';
import { settled } from './store/testing/settled.js';

const dataDir = createDataDir();
let service: Service;
const reports: string[] = [];

beforeAll(async () => {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0'], {
    COLLOQUY_DATA_DIR: dataDir,
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'emitters',
  });
  service = await startService(config, (message) => reports.push(message));
});

afterAll(async () => {
  await service.stop();
});

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${service.httpUrl}/api/v1${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

interface ListedThread {
  readonly thread_id: string;
  readonly message_count: number;
  readonly user_ids: readonly string[];
}

const plain = ({ role, parts, name }: Message): Message => ({
  role,
  parts,
  ...(name !== undefined && { name }),
});

/** Holds the conversation with the service itself as its receiver. */
async function playLive(app: App, threadId: string): Promise<void> {
  const provider = await startFakeProvider({ replies: repliesOf(TRAVEL) });
  const threads = { main: { threadId, userId: 'ada' } };
  const { url: providerUrl } = provider;
  const play: Play = { otlpUrl: service.httpUrl, providerUrl, scenario: TRAVEL, threads };
  try {
    await runApp(app, play);
  } finally {
    await provider.stop();
  }
}

describe('real packages, through their own exporters', () => {
  test.each(PRODUCERS.filter(({ app }) => 'emitter' in app))(
    '$name comes out word for word, and is listed within 2 s',
    async ({ name, app, traits }) => {
      const threadId = `team a/${name}`;
      await playLive(app, threadId);
      const expected = expectThreads(TRAVEL, traits)['main']?.messages ?? [];
      await vi.waitFor(
        async () => {
          const { threads } = await ask<{ threads: readonly ListedThread[] }>('/threads');
          const listed = threads.find(({ thread_id }) => thread_id === threadId);
          expect(listed).toMatchObject({ message_count: expected.length, user_ids: ['ada'] });
        },
        { timeout: 2_000, interval: 50 },
      );
      const { messages } = await ask<{ messages: readonly Message[] }>(
        `/threads/${encodeURIComponent(threadId)}/messages`,
      );
      expect(messages.map(plain)).toEqual(expected);
    },
  );
});

test('takes spans over gRPC, as Python, Java and .NET send them', async () => {
  const exporter = new OTLPTraceExporter({ url: `http://${service.grpcAddress}` });
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const said = [{ role: 'user', parts: [{ type: 'text', content: 'Over gRPC' }] }];
  const span = tracing.getTracer('test').startSpan('chat m');
  span.setAttributes({
    'gen_ai.operation.name': 'chat',
    'gen_ai.conversation.id': 'grpc',
    'gen_ai.input.messages': JSON.stringify(said),
  });
  span.end();
  await tracing.shutdown();
  await settled(service.httpUrl);
  const { messages } = await ask<{ messages: readonly Message[] }>('/threads/grpc/messages');
  expect(messages.map(plain)).toEqual(said);
});

test('answers to no name but those of this machine', async () => {
  const { port } = new URL(service.httpUrl);
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const options = { port, path: '/api/v1/threads', headers: { host } };
      get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
  expect(await statusFor(`localhost:${port}`)).toBe(200);
  expect(await statusFor(`evil.example:${port}`)).toBe(403);
  expect(await statusFor('127.0.0.1.evil.example')).toBe(403);
});

test('nothing went wrong in the background', () => {
  expect(reports).toEqual([]);
});
