import {
  type LogListAnswer,
  logListShape,
  messageListShape,
  threadDetailShape,
  threadListShape,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, prompt } from '../../recordings/testing/log-record.js';
import { selectRows } from '../../store/client.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';

const session = [
  prompt('cli', 1, 'Hello'),
  answer('cli', 2, 'Hi'),
  prompt('cli', 3, 'Continue'),
  answer('cli', 4, 'Done'),
  prompt('cli', 5, 'Continue'),
];
const nameless = { ...prompt('', 9, 'Who am I?'), attributes: new Map() };

let store: TestStore;
let asker: Asker;

beforeAll(async () => {
  store = await openTestStore();
  asker = createAsker(store);
  for (const log of [session[3], session[1], ...session, nameless, session[0]])
    if (log !== undefined) await store.write({ spans: [], logs: [log] });
});
afterAll(() => store.close());

async function walk(limit: number): Promise<readonly LogListAnswer['logs'][number][]> {
  const logs: LogListAnswer['logs'][number][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/threads/cli/logs?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: LogListAnswer = await asker.get(logListShape, path);
    logs.push(...page.logs);
    cursor = page.next_cursor;
  }
  return logs;
}

describe('log records outside any trace', () => {
  test('make the one thread that they name', async () => {
    const { threads } = await asker.get(threadListShape, '/threads');
    expect(threads).toHaveLength(1);
    expect(threads[0]).toMatchObject({
      thread_id: 'cli',
      title: 'Hello',
      message_count: 5,
      trace_count: 0,
      generation_count: 2,
      input_tokens: 20,
      services: ['cli'],
    });
    const { turns, losing_candidates, ...thread } = await asker.get(
      threadDetailShape,
      '/threads/cli',
    );
    expect(thread).toMatchObject(threads[0] ?? {});
    expect(losing_candidates).toEqual([]);
    expect(turns.map(({ generation_count }) => generation_count)).toEqual([1, 1, 0]);
  });

  test('are its messages, each naming its record', async () => {
    const { messages } = await asker.get(messageListShape, '/threads/cli/messages');
    expect(messages.map(({ role, trace_id }) => [role, trace_id])).toEqual([
      ['user', ''],
      ['assistant', ''],
      ['user', ''],
      ['assistant', ''],
      ['user', ''],
    ]);
    const logs = await walk(100);
    expect(messages.map(({ span_id }) => span_id)).toEqual(logs.map(({ record_id }) => record_id));
  });

  test.each([1, 2, 5])('are listed in pages of %i with all that arrived', async (limit) => {
    const logs = await walk(limit);
    expect(logs.map(({ event_name, trace_id, body }) => [event_name, trace_id, body])).toEqual(
      session.map(({ eventName }, index) => [
        eventName,
        null,
        ['Hello', 'Hi', 'Continue', 'Done', 'Continue'].map((content, place) =>
          place % 2 === 0 ? { content } : { message: { content }, index: 0 },
        )[index],
      ]),
    );
  });

  test('show in the views', async () => {
    const rows = await selectRows(
      store.client,
      `SELECT text, trace_id FROM messages WHERE thread_id = 'cli' ORDER BY position`,
      {},
    );
    expect(rows).toEqual(
      ['Hello', 'Hi', 'Continue', 'Done', 'Continue'].map((text) => ({ text, trace_id: '' })),
    );
  });

  test('are kept when they name no thread', async () => {
    const rows = await selectRows<{ body: string }>(
      store.client,
      `SELECT body FROM fact_logs FINAL WHERE trace_id = ''`,
      {},
    );
    expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ content: 'Who am I?' }]);
  });

  test.each(['nonsense', ''])('refuses the cursor %s', async (cursor) => {
    const problem = await asker.getProblem(`/threads/cli/logs?cursor=${cursor}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
  });
});
