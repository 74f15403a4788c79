import type { ClickHouseClient } from '@clickhouse/client';
import { startFakeProvider } from '@colloquy/fake-provider';
import { describe, expect, inject, test } from 'vitest';
import { readConfig } from './config.js';
import { PRODUCERS } from './producers/index.js';
import { repliesOf } from './recorder/play.js';
import { runApp } from './recorder/run-app.js';
import { mainLine } from './recordings/rebuild-in-memory.js';
import { expectThreads } from './scenarios/expect.js';
import type { Scenario } from './scenarios/scenario.js';
import { startService, type Service } from './service.js';
import { openClient, selectRows } from './store/client.js';
import { loadThreads } from './thread-loader.js';
import { createDataDir } from './store/testing/data-dir.js';
import { settled } from './store/testing/settled.js';

const dataDir = createDataDir();
/** Words that no two turns share, about as long as what people type and models answer. */
const lines = (turn: number, word: string): string =>
  Array.from(
    { length: 12 },
    (_, line) => `${word} ${turn}.${line}: the ${line * 7 + turn}th thing to say.`,
  ).join('\n');

/** Fifty turns of some 400 characters a message: what re-sending history costs shows here. */
const LONG: Scenario = {
  name: 'long',
  about: 'fifty turns',
  system: 'You are Colette, a travel companion.',
  tools: [],
  steps: Array.from({ length: 50 }, (_, turn) => ({
    user: lines(turn, 'Question'),
    replies: [{ text: lines(turn, 'Answer') }],
  })),
};

async function startWithDatabase(
  database: string,
): Promise<{ readonly service: Service; readonly client: ClickHouseClient }> {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', 'off'], {
    COLLOQUY_DATA_DIR: dataDir,
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
  // AI SDK 6 tells nothing that its other majors do not. Retrieval has two texts of each question, the
  // prompt and the bare one, so that its conversation is less than what was sent once.
  const producers = PRODUCERS.filter(
    ({ app, name }) => 'emitter' in app && name !== 'ai-v6' && !name.endsWith('-retrieval'),
  );

  test.each(producers)(
    'is stored once, from $name',
    async ({ name, app, traits }) => {
      const { service, client } = await startWithDatabase(`storage_${name.replaceAll('-', '_')}`);
      const provider = await startFakeProvider({ replies: repliesOf(LONG) });
      try {
        await runApp(app, {
          otlpUrl: service.httpUrl,
          providerUrl: provider.url,
          scenario: LONG,
          threads: { main: { threadId: 'long', userId: 'ada' } },
        });
        await settled(service.httpUrl);
        const expected = expectThreads(LONG, traits)['main']?.messages ?? [];
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
        await provider.stop();
        await client.close();
        await service.stop();
      }
    },
    60_000,
  );
});
