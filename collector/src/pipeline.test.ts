import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation, LogRecord, Span } from '@colloquy/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Pipeline } from './pipeline.js';
import {
  loadRecording,
  RECORDED_PRODUCERS,
  type RecordedRequest,
} from './recordings/load-recording.js';
import { mainLine } from './recordings/rebuild-in-memory.js';
import { selectRows } from './store/client.js';
import { openTestStore } from './store/testing/open-test-store.js';
import { loadThreads } from './thread-loader.js';

let client: ClickHouseClient;

beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

const createPipeline = (): Pipeline =>
  new Pipeline({
    client,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });

type Piece = { readonly spans: readonly Span[]; readonly logs: readonly LogRecord[] };

/** Sends the pieces to a pipeline of their own and waits for the derived rows. */
async function deliver(projectId: string, pieces: readonly Piece[]): Promise<void> {
  const pipeline = createPipeline();
  for (const piece of pieces) await pipeline.consume({ projectId, bytes: 0, ...piece });
  await pipeline.stop();
}

async function load(projectId: string, threadId: string): Promise<Conversation | undefined> {
  const [thread] = await loadThreads(client, projectId, [threadId]);
  return thread?.conversation;
}

/** What SQL users see, without what depends on when it was received. */
const readViews = async (projectId: string): Promise<unknown> =>
  Promise.all(
    ['threads', 'messages', 'generations'].map((view) =>
      selectRows(
        client,
        `SELECT * EXCEPT project_id FROM ${view} WHERE project_id = {projectId:String} ORDER BY ALL`,
        { projectId },
      ),
    ),
  );

const single = ({ spans, logs }: RecordedRequest): readonly Piece[] => [
  ...spans.map((span) => ({ spans: [span], logs: [] })),
  ...logs.map((log) => ({ spans: [], logs: [{ ...log, sequence: 0 }] })),
];

describe.each(RECORDED_PRODUCERS.map((producer) => loadRecording(producer)))(
  '$producer',
  ({ producer, requests, expected }) => {
    test('comes out of the store word for word', async () => {
      await deliver(producer, requests);
      const conversation = await load(producer, expected.threadId);
      expect(conversation && mainLine(conversation)).toEqual(expected.messages);
    });

    test('is the same delivered twice, cut to single items and shuffled', async () => {
      const once = await load(producer, expected.threadId);
      const views = await readViews(producer);
      const [shuffled = []] = fc.sample(
        fc.shuffledSubarray(requests.flatMap(single), {
          minLength: requests.flatMap(single).length,
        }),
        { numRuns: 1, seed: 7 },
      );
      await deliver(producer, shuffled);
      expect(await load(producer, expected.threadId)).toEqual(once);
      expect(await readViews(producer)).toEqual(views);
      await deliver(`${producer}-cut`, shuffled);
      expect(await load(`${producer}-cut`, expected.threadId)).toEqual(once);
      expect(await readViews(`${producer}-cut`)).toEqual(views);
    });
  },
);

describe('thread binding', () => {
  const { requests, expected } = loadRecording('openai-otel-chat');
  const isRoot = ({ parentSpanId }: Span): boolean => parentSpanId === undefined;

  test('takes a trace over to the thread that its late root names', async () => {
    const project = 'late-root';
    const early = requests.map(({ spans, logs }) => ({
      spans: spans.filter((span) => !isRoot(span)),
      logs,
    }));
    await deliver(project, early);
    const before = await selectRows<{ inferred: boolean }>(
      client,
      'SELECT inferred FROM threads WHERE project_id = {project:String}',
      { project },
    );
    expect(before).toEqual([{ inferred: true }]);
    await deliver(
      project,
      requests.map(({ spans }) => ({ spans: spans.filter(isRoot), logs: [] })),
    );
    const joined = await selectRows<{ thread_id: string; message_count: number }>(
      client,
      'SELECT thread_id, message_count FROM threads WHERE project_id = {project:String}',
      { project },
    );
    expect(joined).toEqual([
      { thread_id: expected.threadId, message_count: expected.messages.length },
    ]);
  });
});

test('what an earlier process stored and did not rebuild is rebuilt at the next start', async () => {
  const { requests, expected } = loadRecording('ai-v5');
  await deliver('recover', requests);
  await client.command({
    query: `ALTER TABLE derived_threads DELETE WHERE project_id = 'recover'`,
    clickhouse_settings: { mutations_sync: '1' },
  });
  const next = createPipeline();
  await next.recover();
  await next.stop();
  const rows = await selectRows<{ thread_id: string }>(
    client,
    `SELECT thread_id FROM threads WHERE project_id = 'recover'`,
    {},
  );
  expect(rows).toEqual([{ thread_id: expected.threadId }]);
});

test('a run that cannot ask what was erased is made again, and nobody is told before', async () => {
  const { requests, expected } = loadRecording('ai-v5');
  const failures = [new Error('connect ECONNREFUSED')];
  const told: unknown[] = [];
  const pipeline = new Pipeline({
    client,
    now: Date.now,
    onError: (error) => told.push(error),
    erased: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return new Set();
    },
  });
  for (const piece of requests) await pipeline.consume({ projectId: 'away', bytes: 0, ...piece });
  await pipeline.rebuilt();
  expect(told).toHaveLength(1);
  const rows = await selectRows<{ thread_id: string }>(
    client,
    `SELECT thread_id FROM threads WHERE project_id = 'away'`,
    {},
  );
  expect(rows).toEqual([{ thread_id: expected.threadId }]);
  await pipeline.stop();
});
