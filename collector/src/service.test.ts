import { get } from 'node:http';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import type { Message } from '@colloquy/schema';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { readConfig } from './config.js';
import { EMITTER_NAMES, EMITTERS } from './emitters/emitters.js';
import { expectedConversation } from './emitters/expected.js';
import { SCENARIO } from './emitters/scenario.js';
import { spawnEmitter } from './emitters/spawn-emitter.js';
import { startService, type Service } from './service.js';

let service: Service;
let provider: FakeProvider;
const reports: string[] = [];

beforeAll(async () => {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', '127.0.0.1:0'], {
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'emitters',
  });
  service = await startService(config, (message) => reports.push(message));
  provider = await startFakeProvider({ script: SCENARIO.turns });
});

afterAll(async () => {
  await provider.stop();
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

describe('real packages, through their own exporters', () => {
  test.each(EMITTER_NAMES)(
    '%s comes out word for word, and is listed within 2 s',
    async (emitter) => {
      const threadId = `team a/${emitter}`;
      await spawnEmitter({
        emitter,
        otlpUrl: service.httpUrl,
        providerUrl: provider.url,
        threadId,
        userId: 'ada',
      });
      const expected = expectedConversation(SCENARIO, EMITTERS[emitter].traits);
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
