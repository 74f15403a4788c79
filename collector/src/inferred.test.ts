import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Pipeline } from './pipeline.js';
import type { Telemetry } from './query/testing/test-store.js';
import { loadRecording } from './recordings/load-recording.js';
import { rebuildInMemory } from './recordings/rebuild-in-memory.js';
import { chatSpan, converse, traceIdOf, type SaidCall } from './recordings/testing/chat-span.js';
import { unnamed } from './recordings/testing/unnamed.js';
import { selectRows } from './store/client.js';
import { openTestStore } from './store/testing/open-test-store.js';
import { loadThreads } from './thread-loader.js';

let client: ClickHouseClient;

beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

/** Sends each piece in a request of its own, and waits for the derived rows. */
async function send(
  projectId: string,
  pieces: readonly Telemetry[],
  inferThreads: boolean,
): Promise<void> {
  const pipeline = new Pipeline({
    client,
    now: Date.now,
    inferThreads,
    onError: (error) => {
      throw error;
    },
  });
  for (const piece of pieces) await pipeline.consume({ projectId, bytes: 0, ...piece });
  await pipeline.stop();
}

/** Sends calls, and waits for the derived rows after each few. */
async function deliver(
  projectId: string,
  calls: readonly SaidCall[],
  { inferThreads = true, together = 1 } = {},
): Promise<void> {
  const pieces = calls.map((call) => ({ spans: [chatSpan(call)], logs: [] }));
  for (let first = 0; first < pieces.length; first += together)
    await send(projectId, pieces.slice(first, first + together), inferThreads);
}

interface ThreadRow {
  readonly thread_id: string;
  readonly inferred: boolean;
  readonly trace_count: number;
  readonly message_count: number;
}

/** What SQL users see, and that it is what the facts give in memory and in the store. */
async function threadsOf(
  projectId: string,
  calls: readonly SaidCall[],
): Promise<readonly ThreadRow[]> {
  const rows = await selectRows<ThreadRow>(
    client,
    `SELECT thread_id, inferred, trace_count, message_count FROM threads
     WHERE project_id = {projectId:String} ORDER BY thread_id`,
    { projectId },
  );
  const conversations = rebuildInMemory([{ spans: calls.map(chatSpan), logs: [] }]);
  expect(rows.map(({ thread_id }) => thread_id)).toEqual(
    conversations.map(({ threadId }) => threadId),
  );
  const ids = rows.map(({ thread_id }) => thread_id);
  const loaded = await loadThreads(client, projectId, ids);
  expect(loaded.map(({ conversation }) => conversation).toSorted(byId)).toEqual(conversations);
  const messages = await selectRows<{ thread_id: string; count: string }>(
    client,
    `SELECT thread_id, count() AS count FROM messages WHERE project_id = {projectId:String} GROUP BY thread_id ORDER BY thread_id`,
    { projectId },
  );
  expect(messages.map(({ thread_id, count }) => [thread_id, Number(count)])).toEqual(
    conversations.map(({ threadId, messages: own }) => [threadId, own.length]),
  );
  const traces = await selectRows<{ trace_id: string; thread_id: string }>(
    client,
    'SELECT DISTINCT trace_id, thread_id FROM spans WHERE project_id = {projectId:String}',
    { projectId },
  );
  expect(new Map(traces.map(({ trace_id, thread_id }) => [trace_id, thread_id]))).toEqual(
    new Map(
      conversations.flatMap(({ threadId, traceIds }) => traceIds.map((id) => [id, threadId])),
    ),
  );
  return rows;
}

const byId = (a: { threadId: string } | undefined, b: { threadId: string } | undefined): number =>
  String(a?.threadId) < String(b?.threadId) ? -1 : 1;

const named = (call: SaidCall, threadId: string): SaidCall => ({
  ...call,
  attributes: { 'session.id': threadId },
});

const HELLO = ['Hello', 'Hi, how can I help?'];
const tent = [...HELLO, 'A tent', 'Which one?', 'The red one', 'Done', 'Thanks', 'Welcome'];
const boat = [...HELLO, 'A boat', 'Which one?', 'The blue one', 'Done'];

let projects = 0;
const newProject = (): string => `project-${(projects += 1)}`;

describe('traces that nobody named', () => {
  test('are one thread, in whatever order they come', async () => {
    const calls = converse('a', 0, tent);
    for (const order of [calls, calls.toReversed()]) {
      const project = newProject();
      await deliver(project, order);
      expect(await threadsOf(project, calls)).toEqual([
        { thread_id: traceIdOf('a1'), inferred: true, trace_count: 4, message_count: 8 },
      ]);
    }
  });

  test('leave a thread when another like it turns out to have begun before', async () => {
    const project = newProject();
    const [one, like] = [converse('a', 0, tent), converse('b', 1, HELLO)];
    await deliver(project, one);
    await deliver(project, like);
    expect(await threadsOf(project, [...one, ...like])).toMatchObject(
      [
        [traceIdOf('a1'), 1],
        [traceIdOf('a2'), 3],
        [traceIdOf('b1'), 1],
      ]
        .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
        .map(([thread_id, trace_count]) => ({ thread_id, trace_count })),
    );
    const ambiguous = await selectRows<{ trace_id: string }>(
      client,
      'SELECT trace_id FROM derived_joins FINAL WHERE project_id = {project:String} AND is_ambiguous',
      { project },
    );
    expect(ambiguous).toEqual([{ trace_id: traceIdOf('a2') }]);
  });

  test.each([0, 2])('give way to an id that trace %i of them has', async (which) => {
    const calls = converse('a', 0, tent).map((call, index) =>
      index === which ? named(call, 'mine') : call,
    );
    for (const order of [
      calls,
      calls.toReversed(),
      [...calls.slice(which), ...calls.slice(0, which)],
    ]) {
      const project = newProject();
      await deliver(project, order);
      expect(await threadsOf(project, calls)).toEqual([
        { thread_id: 'mine', inferred: false, trace_count: 4, message_count: 8 },
      ]);
    }
  });

  test('give way to an id that comes later', async () => {
    const project = newProject();
    const calls = converse('a', 0, tent);
    await deliver(project, calls);
    const [, second] = calls;
    const late = second === undefined ? [] : [named(second, 'mine')];
    await deliver(project, late);
    expect(await threadsOf(project, [...calls, ...late])).toMatchObject([
      { thread_id: 'mine', inferred: false, trace_count: 4 },
    ]);
  });

  test('stay apart when threads are not inferred', async () => {
    const project = newProject();
    await deliver(project, converse('a', 0, tent), { inferThreads: false });
    const rows = await selectRows(
      client,
      'SELECT thread_id FROM threads WHERE project_id = {project:String} AND NOT inferred',
      { project },
    );
    expect(rows).toHaveLength(4);
    expect(
      await selectRows(client, 'SELECT 1 FROM derived_joins WHERE project_id = {project:String}', {
        project,
      }),
    ).toEqual([]);
  });
});

test('traces that have an id leave nothing to look up', async () => {
  const project = newProject();
  await deliver(project, converse('a', 0, tent, { attributes: { 'session.id': 'mine' } }));
  for (const table of ['derived_joins', 'derived_join_keys', 'derived_unnamed_days'])
    expect(
      await selectRows(client, `SELECT 1 FROM ${table} WHERE project_id = {project:String}`, {
        project,
      }),
    ).toEqual([]);
});

/** Of a two; b, c and what follows n1 share their first two answers, so each of those stands alone, as n1 does. */
const THREADS = 11;

test.each(['ai-v6', 'openai-otel-chat'])(
  'recordings without their id come out as in memory: %s',
  async (producer) => {
    const recording = loadRecording(producer);
    const pieces = [1, 2].flatMap((copy) => {
      const { spans, logs } = unnamed(recording, copy);
      return [
        ...spans.map((span) => ({ spans: [span], logs: [] })),
        ...logs.map((log) => ({ spans: [], logs: [{ ...log, sequence: 0 }] })),
      ];
    });
    const [shuffled = []] = fc.sample(
      fc.shuffledSubarray([...pieces, ...pieces], { minLength: pieces.length * 2 }),
      { numRuns: 1, seed: 5 },
    );
    const project = newProject();
    const size = Math.ceil(shuffled.length / 4);
    for (let first = 0; first < shuffled.length; first += size)
      await send(project, shuffled.slice(first, first + size), true);
    const whole = rebuildInMemory(pieces);
    const loaded = await loadThreads(
      client,
      project,
      whole.map(({ threadId }) => threadId),
    );
    expect(whole.map(({ isInferred }) => isInferred)).toEqual([true, true]);
    expect(loaded.map(({ conversation }) => conversation).toSorted(byId)).toEqual(whole);
  },
  120_000,
);

test('many conversations, alike at first, come out the same in any order and batch', async () => {
  const [first, ...rest] = converse('n', 5, [...boat.slice(0, 4), 'The last', 'Done']);
  const calls = [
    ...converse('a', 0, tent),
    ...converse('b', 1, boat),
    ...converse('c', 200, boat),
    ...(first === undefined ? [] : [named(first, 'named')]),
    ...rest,
    { trace: 'next', at: 500, history: ['On'], answer: 'Yes', links: ['c3'] },
  ];
  const order = fc.tuple(
    fc.shuffledSubarray([...calls, ...calls], { minLength: calls.length * 2 }),
    fc.integer({ min: 4, max: 12 }),
  );
  for (const [shuffled, together] of fc.sample(order, { numRuns: 3, seed: 11 })) {
    const project = newProject();
    await deliver(project, shuffled, { together });
    expect(await threadsOf(project, calls)).toHaveLength(THREADS);
  }
}, 120_000);
