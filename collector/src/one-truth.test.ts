import {
  encodeThreadId,
  messageListShape,
  threadDetailShape,
  threadListShape,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shuffle } from './invariants/delivery.js';
import { Pipeline } from './pipeline.js';
import { createAsker } from './query/testing/ask.js';
import { openTestStore, type TestStore } from './query/testing/test-store.js';
import { loadRecording } from './recordings/load-recording.js';
import { rebuildInMemory } from './recordings/rebuild-in-memory.js';
import { selectRows } from './store/client.js';
import { loadThreads } from './thread-loader.js';
import { summarise } from './thread-summary.js';

/** Two tenants that send at one time: spans alone, logs alone and both, several conversations, one that both have. */
const TENANTS = {
  one: [
    ['ai-v6', 'parallel-tools'],
    ['py-openai-otel-events', 'interleaved'],
    ['py-langchain-openinference', 'edited'],
    ['py-google-adk', 'sub-agent'],
    ['claude-code', 'languages'],
  ],
  two: [
    ['ai-v6', 'parallel-tools'],
    ['openai-otel-chat', 'windowed'],
    ['py-pydantic-ai-1-logs', 'side-calls'],
    ['py-strands-bedrock', 'travel'],
    ['py-langfuse', 'retry'],
  ],
} as const;

const tenants = Object.entries(TENANTS).map(([projectId, names]) => ({
  projectId,
  requests: names.flatMap(([producer, scenario]) => loadRecording(producer, scenario).requests),
}));

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  const pipeline = new Pipeline({
    client: store.client,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });
  const sent = tenants.flatMap(({ projectId, requests }) =>
    requests.map((request) => ({ projectId, bytes: 0, ...request })),
  );
  for (const batch of shuffle([...sent, ...sent], 7)) await pipeline.consume(batch);
  await pipeline.stop();
});
afterAll(() => store.close());

/** What is counted, by every door that tells it. */
const NUMBERS = ['generation_count', 'input_tokens', 'output_tokens', 'cost_usd'] as const;
type Numbers = Readonly<Record<(typeof NUMBERS)[number], number | null>>;

/** Costs are sums of fractions: the order in which they are added shows in the last digits. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(10));

const numbersOf = (from: Numbers): readonly (number | null)[] =>
  NUMBERS.map((name) => rounded(from[name]));

const SUMS = `SELECT thread_id, toUInt32(count()) AS generation_count, toUInt32(sum(input_tokens)) AS input_tokens,
  toUInt32(sum(output_tokens)) AS output_tokens, sum(cost_usd) AS cost_usd
FROM generations WHERE project_id = {projectId:String} GROUP BY thread_id ORDER BY thread_id`;

const THREADS = `SELECT thread_id, toUInt32(generation_count) AS generation_count,
  toUInt32(input_tokens) AS input_tokens, toUInt32(output_tokens) AS output_tokens, cost_usd
FROM threads WHERE project_id = {projectId:String} ORDER BY thread_id`;

type NumbersRow = Numbers & { readonly thread_id: string };

const byId = (a: { readonly thread_id: string }, b: { readonly thread_id: string }): number =>
  a.thread_id < b.thread_id ? -1 : 1;

describe.each(tenants)('tenant $projectId', ({ projectId, requests }) => {
  const whole = rebuildInMemory(requests);
  const ids = whole.map(({ threadId }) => threadId);
  const read = (sql: string) => selectRows<NumbersRow>(store.client, sql, { projectId });
  const ask = () => createAsker({ ...store, projectOf: () => projectId });

  test('has the conversations that it sent, as they are rebuilt in memory', async () => {
    const loaded = await loadThreads(store.client, projectId, ids);
    const conversationOf = new Map(loaded.map((thread) => [thread.threadId, thread.conversation]));
    expect(ids.map((threadId) => conversationOf.get(threadId))).toEqual(whole);
  });

  test('reads the same numbers in the list, in SQL and in the sum of calls', async () => {
    const { threads } = await ask().get(threadListShape, '/threads?limit=200');
    const listed = threads.toSorted(byId);
    expect(listed.map(({ thread_id }) => thread_id)).toEqual(ids);
    const expected = whole.map(summarise).map((thread) =>
      numbersOf({
        generation_count: thread.generationCount,
        input_tokens: thread.inputTokens,
        output_tokens: thread.outputTokens,
        cost_usd: thread.costUsd ?? null,
      }),
    );
    expect(listed.map(numbersOf)).toEqual(expected);
    expect((await read(THREADS)).map(numbersOf)).toEqual(expected);
    const sums = await read(SUMS);
    expect(sums.map(({ thread_id }) => thread_id)).toEqual(ids);
    expect(sums.map(numbersOf)).toEqual(expected);
  });

  test.each(ids)('reads the same numbers in the detail of %s', async (threadId) => {
    const asker = ask();
    const path = `/threads/${encodeThreadId(threadId)}`;
    const { turns, ...thread } = await asker.get(threadDetailShape, path);
    const total = (name: (typeof NUMBERS)[number]): number | null => {
      const known = turns.flatMap((turn) => turn[name] ?? []);
      return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
    };
    expect(NUMBERS.map((name) => rounded(total(name)))).toEqual(numbersOf(thread));
    const messages = await asker.get(messageListShape, `${path}/messages?limit=1`);
    expect(messages.total).toBe(thread.message_count);
  });
});
