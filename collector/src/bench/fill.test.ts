import type { ClickHouseClient } from '@clickhouse/client';
import type {
  AttributeValue,
  CanonicalSpan,
  Conversation,
  Generation,
  SpanId,
  TraceId,
  UnixNano,
} from '@colloquy/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normaliseSpan } from '../normalise/normalise.js';
import { openTestStore, type TestStore } from '../query/testing/test-store.js';
import { selectRows } from '../store/client.js';
import { encodeConversation } from '../store/encode-derived.js';
import { readLine } from '../store/encode-rows.js';
import type { Row } from '../store/gen-ai-columns.js';
import { createShelfMemory } from '../store/shelves.js';
import { formatMillis } from '../store/time.js';
import { encodeFacts, insertRows } from '../store/write-facts.js';
import { loadThreads, type LoadedThread } from '../thread-loader.js';
import { fillStore } from './fill.js';

const PLAN = { threads: 30, messages: 1_000 };
const NANOS_PER_MS = 1_000_000n;

let store: TestStore;
let threads: readonly (LoadedThread & { readonly conversation: Conversation })[];

beforeAll(async () => {
  store = await openTestStore();
  const signal = new AbortController().signal;
  await fillStore(store.client, { plan: PLAN, progress: () => undefined, signal });
  const ids = await selectRows<{ thread_id: string }>(
    store.client,
    'SELECT thread_id FROM derived_threads FINAL ORDER BY first_activity_at',
    {},
  );
  const order = ids.map(({ thread_id }) => thread_id);
  const loaded = await loadThreads(store.client, 'default', order);
  threads = loaded
    .flatMap((thread) =>
      thread.conversation === undefined ? [] : [{ ...thread, conversation: thread.conversation }],
    )
    .toSorted((a, b) => order.indexOf(a.threadId) - order.indexOf(b.threadId));
}, 60_000);
afterAll(async () => {
  await store.client.command({ query: 'DROP DATABASE IF EXISTS bench' });
  await store.close();
});

/** The call as an application would have sent it. */
function callOf(
  { threadId, messages, tags, services }: Conversation,
  call: Generation,
): CanonicalSpan {
  const said = messages.findIndex(
    ({ spanId, role }) => spanId === call.spanId && role === 'assistant',
  );
  const toJson = (from: number, to: number): string =>
    JSON.stringify(messages.slice(from, to).map(({ role, parts }) => ({ role, parts })));
  const service = services[0] ?? '';
  const attributes: readonly (readonly [string, AttributeValue])[] = [
    ['gen_ai.operation.name', call.operationName],
    ['gen_ai.provider.name', call.providerName],
    ['gen_ai.conversation.id', threadId],
    ['user.id', call.userId],
    ['colloquy.thread.tags', tags],
    ['gen_ai.request.model', call.name.replace('chat ', '')],
    ['gen_ai.response.model', call.model],
    ['gen_ai.response.id', `chatcmpl-${call.traceId.slice(0, 24)}`],
    ['gen_ai.response.finish_reasons', ['stop']],
    ['gen_ai.usage.input_tokens', BigInt(call.inputTokens ?? 0)],
    ['gen_ai.usage.output_tokens', BigInt(call.outputTokens ?? 0)],
    ['gen_ai.input.messages', toJson(0, said)],
    ['gen_ai.output.messages', toJson(said, said + 1)],
    ['server.address', 'api.example.com'],
    ['server.port', 443n],
  ];
  return normaliseSpan({
    resource: {
      attributes: new Map([
        ['service.name', service],
        ['service.version', '1.4.2'],
        ['deployment.environment.name', 'production'],
      ]),
      schemaUrl: '',
    },
    scope: { name: 'bench', version: '1.0.0', attributes: new Map(), schemaUrl: '' },
    traceId: call.traceId as TraceId,
    spanId: call.spanId as SpanId,
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name: call.name,
    kind: 'Client',
    startTimeUnixNano: call.startTimeUnixNano as UnixNano,
    endTimeUnixNano: call.endTimeUnixNano as UnixNano,
    attributes: new Map(attributes),
    events: [],
    links: [],
    statusCode: 'Unset',
    statusMessage: '',
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
}

/** The columns in which the first rows differ that only one of both tables has. */
function compare([one = {}, other = {}]: readonly (Row | undefined)[]): Row {
  const names = Object.keys({ ...one, ...other });
  const differ = names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  return Object.fromEntries(differ.map((name) => [name, [one[name], other[name]]]));
}

/** What the store has otherwise than these rows, by table; sums of fractions to nine digits. */
async function differences(
  client: ClickHouseClient,
  tables: ReadonlyMap<string, readonly Row[]>,
): Promise<Record<string, Row>> {
  const found: Record<string, Row> = {};
  for (const [table, rows] of tables) {
    await client.command({ query: `CREATE TABLE check_${table} AS ${table}` });
    await insertRows(client, new Map([[`check_${table}`, rows]]));
    const isPriced = table === 'derived_threads' || table === 'derived_generations';
    const columns = isPriced ? '* REPLACE(round(cost_usd, 9) AS cost_usd)' : '*';
    const select = (from: string): string => `SELECT ${columns} FROM ${from} FINAL`;
    const both = [table, `check_${table}`];
    const sides = await Promise.all(
      [both, both.toReversed()].map(async ([one = '', other = '']) => {
        const only = `${select(one)} EXCEPT ${select(other)}`;
        return selectRows<Row>(client, `SELECT * FROM (${only}) ORDER BY ALL LIMIT 1`, {});
      }),
    );
    if (sides.flat().length > 0) found[table] = compare(sides.map(([first]) => first));
  }
  return found;
}

test('fills with threads of many lengths', () => {
  const lengths = threads.map(({ conversation }) => conversation.messages.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  expect(threads).toHaveLength(PLAN.threads);
  expect(total).toBeGreaterThan(PLAN.messages / 2);
  expect(total).toBeLessThan(PLAN.messages * 2);
  expect(Math.max(...lengths)).toBeGreaterThan(2 * Math.min(...lengths));
});

test('writes facts as the pipeline would have', async () => {
  const memory = createShelfMemory();
  const tables = new Map<string, Row[]>();
  for (const { conversation } of threads)
    for (const call of conversation.generations) {
      const batch = {
        projectId: 'default',
        spans: [callOf(conversation, call)],
        logs: [],
        bytes: 0,
      };
      const receivedAt = formatMillis(Number(call.endTimeUnixNano / NANOS_PER_MS));
      const facts = encodeFacts(batch, receivedAt, memory);
      facts.commit();
      for (const [table, rows] of facts.tables)
        if (rows.length > 0)
          tables.set(table, [
            ...(tables.get(table) ?? []),
            ...rows.map((row) => (typeof row === 'string' ? readLine(table, row) : row)),
          ]);
    }
  expect([...tables.keys()].toSorted()).toEqual([
    'fact_contents',
    'fact_histories',
    'fact_spans',
    'fact_thread_candidates',
  ]);
  expect(await differences(store.client, tables)).toEqual({});
});

test('writes derived rows as a rebuild would have', async () => {
  const tables = new Map<string, Row[]>();
  for (const { conversation, version, versionOfTrace, shelfOf } of threads)
    for (const { table, encode } of encodeConversation('default', conversation, shelfOf).values()) {
      const row = encode();
      const isTrace = table === 'derived_traces';
      const rebuiltAt = formatMillis(Number(conversation.lastActivityAt / NANOS_PER_MS) + 250);
      tables.set(table, [
        ...(tables.get(table) ?? []),
        {
          ...row,
          version: String(isTrace ? versionOfTrace(String(row['trace_id'])) : version),
          ...(table === 'derived_threads' && { rebuilt_at: rebuiltAt }),
        },
      ]);
    }
  expect(tables.size).toBe(4);
  expect(await differences(store.client, tables)).toEqual({});
});

test('is not gone on with by another plan', async () => {
  const again = fillStore(store.client, {
    plan: { threads: 10, messages: 200 },
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(again).rejects.toThrow('use another one');
});
