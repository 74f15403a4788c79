import type { ClickHouseClient } from '@clickhouse/client';
import type { Json, Message, Part } from '@colloquy/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectRows } from './client.js';
import { openTestStore } from './testing/open-test-store.js';
import { INDEXED_TEXT, searchText } from './search-text.js';

let client: ClickHouseClient;
beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', 'n', ':', '{', '}', ' ', 'u', '0', 'A', '日'),
  }),
);
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const part: fc.Arbitrary<Part> = fc.oneof(
  text.map((content): Part => ({ type: 'text', content })),
  text.map((content): Part => ({ type: 'reasoning', content })),
  fc
    .record({ id: text, name: text, args: json })
    .map(({ id, name, args }): Part => ({ type: 'tool_call', id, name, arguments: args })),
  json.map((response): Part => ({ type: 'tool_call_response', response })),
  text.map((content): Part => ({ type: 'raw', content })),
);
const message: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom('user', 'assistant', 'tool'),
  parts: fc.array(part, { maxLength: 3 }),
});

const TOKENS = /[a-z0-9\u0080-\u{10ffff}]+/gu;

test('indexes every word that can be searched', async () => {
  const messages = fc.sample(message, { numRuns: 2_000, seed: 1 });
  await client.command({
    query: 'CREATE TABLE said (place UInt32, message String) ENGINE = Memory',
  });
  await client.insert({
    table: 'said',
    values: messages.map((one, place) => ({ place, message: JSON.stringify(one) })),
    format: 'JSONEachRow',
  });
  const rows = await selectRows<{ indexed: string }>(
    client,
    `SELECT ${INDEXED_TEXT} AS indexed FROM said ORDER BY place`,
    {},
  );
  expect(rows).toHaveLength(messages.length);
  for (const [index, { indexed }] of rows.entries()) {
    const lines = searchText(messages[index]?.parts ?? []).toLowerCase();
    const indexedTokens = new Set(indexed.match(TOKENS));
    const missing = (lines.match(TOKENS) ?? []).filter((token) => !indexedTokens.has(token));
    expect({ indexed, missing }).toEqual({ indexed, missing: [] });
  }
});

test('leaves out what is not said', async () => {
  const parts: readonly Part[] = [
    { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
    {
      type: 'tool_call',
      name: 'look_up',
      arguments: { 'the key': 'a "value"\nbelow', 'size\n': 3 },
    },
  ];
  const rows = await selectRows<{ indexed: string }>(
    client,
    `SELECT ${INDEXED_TEXT} AS indexed FROM (SELECT {message:String} AS message)`,
    { message: JSON.stringify({ role: 'assistant', parts }) },
  );
  expect(rows[0]?.indexed.match(TOKENS)).toEqual([
    'tool',
    'call',
    'look',
    'up',
    'a',
    'value',
    'below',
    '3',
  ]);
});

test('is the expression that the index is of', async () => {
  await client.command({
    query: `INSERT INTO fact_contents (project_id, message) VALUES ('p', '{"role":"user","parts":[{"type":"text","content":"hello"}]}')`,
  });
  const plan = await selectRows<{ explain: string }>(
    client,
    `EXPLAIN indexes = 1 SELECT content_hash FROM fact_contents WHERE hasAllTokens(${INDEXED_TEXT}, ['hello'])`,
    {},
  );
  expect(plan.map(({ explain }) => explain.trim())).toContain('Name: words');
});
