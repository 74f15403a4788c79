import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWords, openEraser, type Eraser } from '../erasure/testing/eraser.js';
import { Pipeline } from '../pipeline.js';
import { chatSpan, converse, type SaidCall } from '../recordings/testing/chat-span.js';
import { selectRows } from '../store/client.js';
import { openTestStore } from '../store/testing/open-test-store.js';
import { Retention } from './retention.js';

const TIMEOUT_MS = 240_000;
const DAY_MS = 24 * 3_600_000;

let client: ClickHouseClient;
let eraser: Eraser;
let retention: Retention;

function fail(error: unknown): never {
  throw error;
}

beforeAll(async () => {
  ({ client } = await openTestStore());
  eraser = openEraser(client);
  const { ledger } = eraser.erasures;
  retention = new Retention({ client, ledger, now: Date.now, onError: fail });
});
afterAll(async () => {
  await eraser.stop();
  await client.close();
});

/** Stores calls as if they had been received some days ago. */
async function sendAgo(projectId: string, days: number, calls: readonly SaidCall[]): Promise<void> {
  const pipeline = new Pipeline({ client, now: () => Date.now() - days * DAY_MS, onError: fail });
  await pipeline.consume({ projectId, bytes: 0, spans: calls.map(chatSpan), logs: [] });
  await pipeline.stop();
}

const talk = (thread: string, words: readonly string[], at = 0): readonly SaidCall[] =>
  converse(thread, at, words, { attributes: { 'session.id': thread } });

async function listed(projectId: string): Promise<readonly string[]> {
  const rows = await selectRows<{ thread_id: string }>(
    client,
    'SELECT thread_id FROM threads WHERE project_id = {projectId:String} ORDER BY thread_id',
    { projectId },
  );
  return rows.map(({ thread_id }) => thread_id);
}

test(
  'threads go whole once nothing was received of them for so long, whatever their clocks say',
  { timeout: TIMEOUT_MS },
  async () => {
    const farAhead = 10 * 365 * 24 * 3_600;
    await sendAgo('p', 40, talk('gone', ['Hello there', 'Forgettable things'], farAhead));
    const living = talk('living', ['Hello there', 'First of all', 'And then?', 'Then this']);
    await sendAgo('p', 40, living.slice(0, 1));
    await sendAgo('p', 1, living.slice(1));
    await sendAgo('p', 1, talk('slow', ['My clock stands still', 'It does'], -1_789_999_000));
    await sendAgo('q', 40, talk('gone', ['Hello there', 'Unforgettable things']));
    expect(await listed('p')).toEqual(['gone', 'living', 'slow']);

    await retention.set('p', 30);
    const [run] = await eraser.settled('p');
    expect(run?.report.counts).toMatchObject({
      threads: 1,
      spans: 1,
      contents: 1,
      contents_kept: 1,
    });
    expect(await retention.get('p')).toBe(30);
    expect(await listed('p')).toEqual(['living', 'slow']);
    expect(await listed('q')).toEqual(['gone']);
    expect(await findWords(client, ['Forgettable'])).toEqual([]);
    const rows = await selectRows<{ text: string }>(
      client,
      `SELECT text FROM messages WHERE project_id = 'p' AND thread_id = 'living' ORDER BY position`,
      {},
    );
    expect(rows.map(({ text }) => text)).toEqual([
      'Hello there',
      'First of all',
      'And then?',
      'Then this',
    ]);
  },
);

test('is looked at once a day', { timeout: TIMEOUT_MS }, async () => {
  const runs = async (): Promise<number> =>
    (await eraser.erasures.ledger.list({ projectId: 'p', kind: 'expired', limit: 9 })).total;
  const before = await runs();
  await retention.look();
  expect(await runs()).toBe(before);
  const { ledger } = eraser.erasures;
  const tomorrow = (): number => Date.now() + DAY_MS;
  await new Retention({ client, ledger, now: tomorrow, onError: fail }).look();
  expect(await runs()).toBe(before + 1);
  await eraser.settled('p');
});

test('may be taken back', async () => {
  await retention.set('p', null);
  expect(await retention.get('p')).toBeUndefined();
  await retention.look();
  await retention.set('q', null);
  expect(await listed('q')).toEqual(['gone']);
});
