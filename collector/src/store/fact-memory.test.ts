import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLongThread } from '../bench/long-thread.js';
import { FactMemory } from './fact-memory.js';
import { hashesOf, readContents, readTraceFacts, type TraceFacts } from './read-facts.js';
import { rewriteFacts } from './rewrite-facts.js';
import { createShelfMemory } from './shelves.js';
import { openTestStore } from './testing/open-test-store.js';
import { encodeFacts, insertRows } from './write-facts.js';

const PROJECT = 'p';
const thread = createLongThread('fact-memory', 50);
const traceIds = Array.from({ length: 50 }, (_, index) => thread.callOf(index + 1).span.traceId);
const memory = new FactMemory();
const shelves = createShelfMemory();
let client: ClickHouseClient;

beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

type Calls = Parameters<typeof encodeFacts>[0]['spans'];

async function store(spans: Calls, receivedAt: string): Promise<void> {
  const batch = { projectId: PROJECT, bytes: 0, spans, logs: [] };
  await insertRows(client, encodeFacts(batch, receivedAt, shelves).tables);
}

const callsOf = (from: number, to: number): Calls =>
  Array.from({ length: to - from + 1 }, (_, index) => thread.callOf(from + index));

const sorted = (facts: TraceFacts): unknown => ({
  spans: facts.spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1)),
  shelves: facts.shelves.toSorted(),
  known: facts.known,
});

/** What is remembered and what is stored have to be the same. */
async function expectStored(): Promise<TraceFacts> {
  const facts = await memory.readTraceFacts(client, PROJECT, traceIds);
  expect(sorted(facts)).toEqual(sorted(await readTraceFacts(client, PROJECT, traceIds)));
  return facts;
}

test('gives what is stored as it grows, and reads what it knows once', async () => {
  await store(callsOf(1, 30), '2026-01-01 00:00:00.000');
  const { spans: before } = await expectStored();
  await store(callsOf(31, 50), '2026-01-01 00:00:01.000');
  const { spans: after } = await expectStored();
  expect([before.length, after.length]).toEqual([30, 50]);
  expect(before.every((span) => after.includes(span))).toBe(true);
});

test('notices a span that comes late to a trace it knows, and one that comes again', async () => {
  const [late, again] = [thread.callOf(7), thread.callOf(8)];
  const spanId = 'ffffffffffffffff' as typeof late.span.spanId;
  await store([{ ...late, span: { ...late.span, spanId } }], '2026-01-01 00:00:02.000');
  expect((await expectStored()).spans).toHaveLength(51);
  const name = 'chat, with more in it';
  await store([{ ...again, span: { ...again.span, name } }], '2026-01-01 00:00:03.000');
  expect((await expectStored()).spans.filter((span) => span.name === name)).toHaveLength(1);
});

test('notices what the rules say now of the same span', async () => {
  const canonical = thread.callOf(9);
  const restated = { ...canonical, genAi: { ...canonical.genAi, requestModel: 'another' } };
  const stored = { row: { received: '2026-01-01 00:00:00.000' } };
  await rewriteFacts(
    client,
    {
      projectId: PROJECT,
      spans: [{ stored, canonical: restated }],
      logs: [],
      shelfOf: new Map(),
    },
    '2026-01-02 00:00:00.000',
  );
  const { spans } = await expectStored();
  expect(spans.filter(({ requestModel }) => requestModel === 'another')).toHaveLength(1);
});

test('gives contents as they are stored, known or not', async () => {
  const { spans, shelves: where } = await readTraceFacts(client, PROJECT, traceIds);
  const hashes = hashesOf(spans);
  const stored = await readContents(client, PROJECT, where, hashes);
  await memory.readContents(client, PROJECT, where, hashes.slice(0, 20));
  const known = await memory.readContents(client, PROJECT, where, hashes);
  expect(known).toEqual(stored);
  expect(known.contents.size).toBe(101);
});
