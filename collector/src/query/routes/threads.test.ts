import {
  encodeThreadId,
  threadDetailShape,
  type ThreadAnswer,
  type ThreadListAnswer,
  threadListShape,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecording, RECORDED_PRODUCERS } from '../../recordings/load-recording.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { telemetryOf, vary } from '../testing/vary.js';

const SECOND = 1_000_000_000n;
const MANY = 40;

let store: TestStore;
let asker: Asker;
let many: Asker;

const recordings = RECORDED_PRODUCERS.map((producer) => loadRecording(producer));
const sample = loadRecording('ai-v6');
const firstTrace = telemetryOf(sample).spans[0]?.traceId;
const oneTrace = {
  spans: telemetryOf(sample).spans.filter(({ traceId }) => traceId === firstTrace),
  logs: [],
};

/** Forty threads, four of them at any one time. */
const copies = Array.from({ length: MANY }, (_, index) =>
  vary(oneTrace, sample.expected.threadId, {
    threadId: `copy-${index}`,
    salt: String(index),
    shiftNano: BigInt(index % 10) * SECOND,
  }),
);

beforeAll(async () => {
  store = await openTestStore();
  for (const recording of recordings) await store.write(telemetryOf(recording));
  const all = { spans: copies.flatMap(({ spans }) => spans), logs: [] };
  await store.write(all, 'many');
  asker = createAsker(store);
  many = createAsker({ ...store, projectOf: () => 'many' });
});
afterAll(() => store.close());

async function walk(pages: Asker, limit: number): Promise<readonly ThreadAnswer[]> {
  const threads: ThreadAnswer[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/threads?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: ThreadListAnswer = await pages.get(threadListShape, path);
    expect(page.total).toBe(MANY);
    threads.push(...page.threads);
    cursor = page.next_cursor;
  }
  return threads;
}

const forged = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

async function statusAt(now: number): Promise<string | undefined> {
  const page = await createAsker({ ...store, now: () => now }).get(threadListShape, '/threads');
  return page.threads[0]?.status;
}

describe('GET /threads', () => {
  test('lists the threads of the project, newest activity first', async () => {
    const { threads, total, next_cursor } = await asker.get(threadListShape, '/threads');
    expect(threads.map(({ thread_id }) => thread_id).toSorted()).toEqual(
      recordings.map(({ expected }) => expected.threadId).toSorted(),
    );
    const times = threads.map(({ last_activity_at }) => last_activity_at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect({ total, next_cursor }).toEqual({ total: recordings.length, next_cursor: null });
  });

  test.each([1, 7, 8, 40])('pages of %i meet every thread once', async (limit) => {
    const ids = (await walk(many, limit)).map(({ thread_id }) => thread_id);
    expect(new Set(ids).size).toBe(MANY);
    expect(ids).toHaveLength(MANY);
  });

  test('goes on after its cursor when a thread moves to the front meanwhile', async () => {
    const first = await many.get(threadListShape, '/threads?limit=10');
    const [seen] = first.threads;
    const later = vary(oneTrace, sample.expected.threadId, {
      threadId: seen?.thread_id ?? '',
      salt: 'later',
      shiftNano: 60n * SECOND,
    });
    await store.write(later, 'many');
    const rest = await many.get(threadListShape, `/threads?limit=200&cursor=${first.next_cursor}`);
    const ids = [...first.threads, ...rest.threads].map(({ thread_id }) => thread_id);
    expect(ids).toHaveLength(MANY);
    expect(new Set(ids).size).toBe(MANY);
    const again = await many.get(threadListShape, '/threads?limit=1');
    expect(again.threads[0]).toMatchObject({ thread_id: seen?.thread_id, trace_count: 2 });
  });

  test('calls a thread active for 15 minutes', async () => {
    const { threads } = await asker.get(threadListShape, '/threads?limit=1');
    const last = Date.parse(threads[0]?.last_activity_at ?? '');
    expect(await statusAt(last + 15 * 60_000)).toBe('active');
    expect(await statusAt(last + 15 * 60_000 + 1)).toBe('inactive');
    expect(await statusAt(last - 3_600_000)).toBe('inactive');
  });

  test.each(['0', '201', '1.5', 'x', ''])('refuses limit=%s', async (limit) => {
    const problem = await asker.getProblem(`/threads?limit=${limit}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'limit' }] });
  });

  test.each([
    'nonsense',
    forged({}),
    forged({ last_activity_at: '9999999999999999999', thread_id: 'a' }),
    forged({ last_activity_at: "1' OR 1", thread_id: 'a' }),
  ])('refuses the cursor %s', async (cursor) => {
    const problem = await asker.getProblem(`/threads?cursor=${cursor}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
  });
});

describe('GET /threads/{thread_id}', () => {
  test.each(recordings)('gives the numbers of the list: $producer', async ({ expected }) => {
    const { threads } = await asker.get(threadListShape, '/threads');
    const listed = threads.find(({ thread_id }) => thread_id === expected.threadId);
    const path = `/threads/${encodeThreadId(expected.threadId)}`;
    const detail = await asker.get(threadDetailShape, path);
    const { turns, generations, events, users, losing_candidates, ...thread } = detail;
    expect(losing_candidates.filter(({ thread_id }) => thread_id === expected.threadId)).toEqual(
      [],
    );
    expect(thread).toEqual(listed);
    expect(generations).toHaveLength(thread.generation_count);
    expect(users.map(({ user_id }) => user_id)).toEqual(thread.user_ids);
    expect(events).toEqual([]);
    const spoken = turns.filter(({ turn }) => turn > 0);
    expect(thread.turn_count).toBe(spoken.length);
    expect(spoken.length).toBe(expected.messages.filter(({ role }) => role === 'user').length);
    const sumOf = (key: 'generation_count' | 'input_tokens' | 'output_tokens'): number =>
      turns.reduce((sum, turn) => sum + turn[key], 0);
    expect(sumOf('generation_count')).toBe(thread.generation_count);
    expect(sumOf('input_tokens')).toBe(thread.input_tokens);
    expect(sumOf('output_tokens')).toBe(thread.output_tokens);
    expect(turns.flatMap(({ message_ids }) => message_ids)).toHaveLength(thread.message_count);
  });

  test('knows nothing of another project', async () => {
    const problem = await asker.getProblem('/threads/copy-1');
    expect(problem).toMatchObject({ status: 404, type: 'urn:colloquy:problem:not-found' });
  });
});
