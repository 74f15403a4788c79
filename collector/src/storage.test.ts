import type { ClickHouseClient } from '@clickhouse/client';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readConfig } from './config.js';
import { EMITTERS, type EmitterName } from './emitters/emitters.js';
import { expectedConversation } from './emitters/expected.js';
import { LONG_SCENARIO } from './emitters/scenario.js';
import { spawnEmitter } from './emitters/spawn-emitter.js';
import { mainLine } from './recordings/rebuild-in-memory.js';
import { startService, type Service } from './service.js';
import { openClient, selectRows } from './store/client.js';
import { loadThreads } from './thread-loader.js';

let provider: FakeProvider;

beforeAll(async () => {
  provider = await startFakeProvider({ script: LONG_SCENARIO.turns });
});
afterAll(() => provider.stop());

async function startWithDatabase(
  database: string,
): Promise<{ readonly service: Service; readonly client: ClickHouseClient }> {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', 'off'], {
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: database,
  });
  return {
    service: await startService(config, () => {}),
    client: openClient({ url, username, password, database }),
  };
}

/** Bytes of the messages as they are kept, and bytes of message text that is left anywhere else. */
const STORED = `SELECT
  (SELECT sum(length(message)) FROM fact_contents) AS contents,
  (SELECT sum(countSubstrings(concat(toString(attributes), toString(\`events.attributes\`)), 'th thing to say')) FROM fact_spans)
    + (SELECT sum(countSubstrings(concat(toString(attributes), body), 'th thing to say')) FROM fact_logs) AS copies`;

describe('a conversation of fifty turns that sends its history again', () => {
  const emitters: readonly EmitterName[] = [
    'openai-otel-chat',
    'openai-otel-responses',
    'openai-openinference',
    'openai-traceloop',
    'openai-traceloop-legacy',
    'ai-v5',
    'ai-v7',
  ];

  test.each(emitters)(
    'is stored once, from %s',
    async (emitter) => {
      const { service, client } = await startWithDatabase(
        `storage_${emitter.replaceAll('-', '_')}`,
      );
      try {
        await spawnEmitter({
          emitter,
          otlpUrl: service.httpUrl,
          providerUrl: provider.url,
          threadId: 'long',
          userId: 'ada',
          scenario: 'long',
        });
        const expected = expectedConversation(LONG_SCENARIO, EMITTERS[emitter].traits);
        const [thread] = await loadThreads(client, 'default', ['long']);
        expect(thread?.conversation && mainLine(thread.conversation)).toEqual(expected);
        const unique = expected.reduce(
          (sum, message) => sum + Buffer.byteLength(JSON.stringify(message)),
          0,
        );
        const [stored] = await selectRows<{ contents: string; copies: string }>(client, STORED, {});
        expect(Number(stored?.contents) / unique).toBeLessThan(1.3);
        expect(Number(stored?.copies)).toBe(0);
      } finally {
        await client.close();
        await service.stop();
      }
    },
    60_000,
  );
});
