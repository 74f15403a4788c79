import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLongThread } from '../bench/long-thread.js';
import { digest } from '../digest.js';
import { selectRows } from './client.js';
import { cutHistory } from './history-pieces.js';
import { readTraceFacts } from './read-facts.js';
import { createShelfMemory } from './shelves.js';
import { openTestStore } from './testing/open-test-store.js';
import { encodeFacts, insertRows } from './write-facts.js';

const hashes = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => digest(`message ${index}`));

describe('cutting a history', () => {
  test('loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.uuid()), (history) => {
        const { pieces, rest } = cutHistory(history);
        expect([...pieces.flatMap(({ contentHashes }) => contentHashes), ...rest]).toEqual(history);
      }),
    );
  });

  test('gives the same pieces to a history that goes on', () => {
    const [short, long] = [cutHistory(hashes(1_000)), cutHistory(hashes(1_200))];
    expect(short.pieces.length).toBeGreaterThan(20);
    expect(long.pieces.slice(0, short.pieces.length)).toEqual(short.pieces);
  });

  test('gives the same pieces to a history that lost its start', () => {
    const whole = new Set(cutHistory(hashes(1_000)).pieces.map(({ hash }) => hash));
    const late = cutHistory(hashes(1_000).slice(300)).pieces.map(({ hash }) => hash);
    expect(late.slice(1).every((hash) => whole.has(hash))).toBe(true);
  });
});

describe('in the store', () => {
  let client: ClickHouseClient;
  const thread = createLongThread('histories', 200);

  beforeAll(async () => {
    ({ client } = await openTestStore());
    const spans = Array.from({ length: 200 }, (_, index) => thread.callOf(index + 1));
    const batch = { projectId: 'p', bytes: 0, spans, logs: [] };
    await insertRows(client, encodeFacts(batch, '2026-01-01 00:00:00', createShelfMemory()).tables);
  });
  afterAll(() => client.close());

  test('what each call saw comes back whole', async () => {
    const turns = [1, 100, 200].map((turn) => thread.callOf(turn));
    const traceIds = turns.map(({ span }) => span.traceId);
    const facts = await readTraceFacts(client, 'p', traceIds);
    const lengths = facts.spans.map(({ inputHashes }) => inputHashes.length);
    expect(lengths.toSorted((a, b) => a - b)).toEqual([2, 200, 400]);
    const [longest = [], longer = []] = facts.spans
      .map(({ inputHashes }) => inputHashes)
      .toSorted((a, b) => b.length - a.length);
    expect(longest.slice(0, longer.length)).toEqual(longer);
    expect(new Set(longest).size).toBe(400);
  });

  test('what calls saw takes a fraction of its length', async () => {
    const [row] = await selectRows<{ count: string }>(
      client,
      `SELECT sum(length(input_pieces) + length(input_hashes))
         + (SELECT sum(length(content_hashes)) FROM fact_histories FINAL) AS count FROM fact_spans FINAL`,
      {},
    );
    expect(Number(row?.count)).toBeLessThan((200 * 201) / 4);
  });

  test('a piece that is gone leaves a mark', async () => {
    const { span } = thread.callOf(200);
    await client.command({
      query: 'ALTER TABLE fact_histories DELETE WHERE 1',
      clickhouse_settings: { mutations_sync: '1' },
    });
    const { spans } = await readTraceFacts(client, 'p', [span.traceId]);
    const [row] = await selectRows<{ pieces: readonly string[] }>(
      client,
      'SELECT input_pieces AS pieces FROM fact_spans WHERE trace_id = {traceId:String}',
      { traceId: span.traceId },
    );
    expect(spans[0]?.inputHashes.slice(0, row?.pieces.length)).toEqual(row?.pieces);
  });
});
