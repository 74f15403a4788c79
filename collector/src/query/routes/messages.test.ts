import {
  type MessageAnswer,
  type MessageListAnswer,
  messageListShape,
  type TraceId,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecording, RECORDED_PRODUCERS } from '../../recordings/load-recording.js';
import { mainLine } from '../../recordings/rebuild-in-memory.js';
import { loadThreads } from '../../thread-loader.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { telemetryOf, vary } from '../testing/vary.js';

let store: TestStore;
let asker: Asker;

const sample = loadRecording('ai-v6');
const all = telemetryOf(sample);
const traceIds = [...new Set(all.spans.map(({ traceId }) => traceId))];
const asThread = (threadId: string, telemetry = all) =>
  vary(telemetry, sample.expected.threadId, { threadId, salt: threadId });
const spansOf = (ids: readonly string[]) => ({
  spans: all.spans.filter(({ traceId }) => ids.includes(traceId)),
  logs: [],
});

beforeAll(async () => {
  store = await openTestStore();
  for (const producer of RECORDED_PRODUCERS)
    await store.write(telemetryOf(loadRecording(producer)));
  asker = createAsker(store);
});
afterAll(() => store.close());

const list = (threadId: string, query = ''): Promise<MessageListAnswer> =>
  asker.get(messageListShape, `/threads/${threadId}/messages?${query}`);

const idsOf = (messages: readonly MessageAnswer[]): readonly string[] =>
  messages.map(({ message_id }) => message_id);

const cursorBefore = ([first]: readonly MessageAnswer[]): string =>
  Buffer.from(JSON.stringify({ before: first?.message_id })).toString('base64url');

describe('GET /threads/{thread_id}/messages', () => {
  test.each(RECORDED_PRODUCERS)('gives the main line in order: %s', async (producer) => {
    const { threadId } = loadRecording(producer).expected;
    const [thread] = await loadThreads(store.client, 'default', [threadId]);
    const { messages, ...rest } = await list(threadId);
    const spoken = messages.map(({ role, parts, name }) => ({
      role,
      parts,
      ...(name && { name }),
    }));
    const expected = thread?.conversation === undefined ? [] : mainLine(thread.conversation);
    expect(spoken).toEqual(expected);
    expect(rest).toEqual({ next_cursor: null, prev_cursor: null, total: expected.length });
  });

  test.each([1, 3, 1000])('pages of %i lead through the thread and back', async (limit) => {
    const whole = idsOf((await list(sample.expected.threadId)).messages);
    const there: string[] = [];
    let page = await list(sample.expected.threadId, `limit=${limit}`);
    for (;;) {
      there.push(...idsOf(page.messages));
      if (page.next_cursor === null) break;
      page = await list(sample.expected.threadId, `limit=${limit}&cursor=${page.next_cursor}`);
    }
    expect(there).toEqual(whole);
    const back: string[] = [...idsOf(page.messages)];
    while (page.prev_cursor !== null) {
      page = await list(sample.expected.threadId, `limit=${limit}&cursor=${page.prev_cursor}`);
      back.unshift(...idsOf(page.messages));
    }
    expect(back).toEqual(whole);
  });

  test('goes on where it was when the thread grew', async () => {
    await store.write(asThread('grows', spansOf(traceIds.slice(0, 2))));
    const first = await list('grows', 'limit=3');
    await store.write(asThread('grows', spansOf(traceIds.slice(2))));
    const rest = await list('grows', `cursor=${first.next_cursor}`);
    const whole = await list('grows');
    expect([...first.messages, ...rest.messages]).toEqual(whole.messages);
    expect(whole.total).toBeGreaterThan(first.total);
  });

  test('gives branches when asked, and refuses their cursors where they are left out', async () => {
    await store.write(asThread('branches'));
    const last = sample.expected.messages.at(-1)?.parts.find(({ type }) => type === 'text');
    const text = last?.type === 'text' ? (last.content.split('\n')[0] ?? '') : '';
    const again = vary(spansOf(traceIds.slice(-1)), sample.expected.threadId, {
      threadId: 'branches',
      salt: 'again',
      shiftNano: 60_000_000_000n,
      words: [JSON.stringify(text).slice(1, -1), 'Said otherwise'],
    });
    await store.write(again);
    const main = await list('branches');
    const whole = await list('branches', 'include=branches,side_calls');
    expect(new Set(whole.messages.map(({ line }) => line))).toEqual(new Set(['main', 'branch']));
    expect(whole.messages.slice(0, main.total)).toEqual(main.messages);
    const branch = whole.messages.filter(({ line }) => line === 'branch');
    expect(whole.total).toBe(main.total + branch.length);
    const back = await list('branches', `limit=1&include=branches&cursor=${cursorBefore(branch)}`);
    expect(idsOf(back.messages)).toEqual([main.messages.at(-1)?.message_id]);
    const problem = await asker.getProblem(
      `/threads/branches/messages?cursor=${cursorBefore(branch)}`,
    );
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
    expect(problem.detail).toContain('thread has changed');
  });

  test('gives half an emoji back as it came', async () => {
    const [span] = all.spans;
    if (span === undefined) throw new Error('no span on file');
    const parts = [{ type: 'text', content: 'cut off \ud83d' }];
    const attributes = new Map([
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.request.model', 'gpt-4o'],
      ['gen_ai.conversation.id', 'half'],
      ['gen_ai.input.messages', JSON.stringify([{ role: 'user\ud83d', parts }])],
    ]);
    const traceId = '5'.repeat(32) as TraceId;
    await store.write({ spans: [{ ...span, traceId, attributes }], logs: [] });
    const { messages } = await list('half');
    expect(messages).toMatchObject([{ role: 'user\ud83d', parts }]);
  });

  test.each(['limit=1001', 'include=everything', 'cursor=xyz'])('refuses %s', async (query) => {
    const problem = await asker.getProblem(
      `/threads/${sample.expected.threadId}/messages?${query}`,
    );
    expect(problem).toMatchObject({
      status: 400,
      type: 'urn:colloquy:problem:invalid-parameter',
      errors: [{ parameter: query.split('=')[0] }],
    });
  });

  test('answers 404 for an unknown thread', async () => {
    expect(await asker.getProblem('/threads/none/messages')).toMatchObject({ status: 404 });
  });
});
