import {
  encodeThreadId,
  messageListShape,
  messageSearchShape,
  type MessageSearchAnswer,
  threadListShape,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecording } from '../../recordings/load-recording.js';
import { searchText } from '../../store/search-text.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { telemetryOf, vary } from '../testing/vary.js';

const SECOND = 1_000_000_000n;
const COPIES = 12;

let store: TestStore;
let asker: Asker;
let copies: Asker;

const sample = loadRecording('ai-v6');
const languages = loadRecording('claude-code', 'languages');
const sampleText = sample.expected.messages
  .filter(({ role }) => role === 'user')
  .map(({ parts }) => searchText(parts))[0] as string;

/** The whole sample as another thread, in which one word is another. */
const copyOf = (index: number) =>
  vary(telemetryOf(sample), sample.expected.threadId, {
    threadId: `copy-${index}`,
    salt: String(index),
    shiftNano: BigInt(index) * 3_600n * SECOND,
  });

beforeAll(async () => {
  store = await openTestStore();
  await store.write(telemetryOf(sample));
  await store.write(telemetryOf(languages));
  for (let index = 0; index < COPIES; index += 1) await store.write(copyOf(index), 'copies');
  asker = createAsker(store);
  copies = createAsker({ ...store, projectOf: () => 'copies' });
});
afterAll(() => store.close());

const search = (of: Asker, text: string, more = ''): Promise<MessageSearchAnswer> =>
  of.get(messageSearchShape, `/messages?search=${encodeURIComponent(text)}${more}`);

/** Every message of every thread by what it says, as the list of messages tells it. */
async function readAll(of: Asker) {
  const { threads } = await of.get(threadListShape, '/threads?limit=200');
  const pages = await Promise.all(
    threads.map(async ({ thread_id }) => {
      const path = `/threads/${encodeThreadId(thread_id)}/messages?limit=1000&include=branches,side_calls`;
      const { messages } = await of.get(messageListShape, path);
      return messages.map((message) => ({ ...message, thread_id }));
    }),
  );
  return pages.flat();
}

describe('GET /messages', () => {
  test('finds each message by its own words, and tells of it as its thread does', async () => {
    const messages = (await readAll(asker)).filter(({ role }) => role !== 'system');
    for (const message of messages) {
      const text = searchText(message.parts);
      const quoted = text.split('\n')[0]?.replaceAll('"', ' ').slice(0, 100) ?? '';
      if (quoted.trim() === '') continue;
      const { messages: found } = await search(asker, quoted.split(' ').slice(0, 12).join(' '));
      const one = found.find(({ message_id }) => message_id === message.message_id);
      expect(one).toMatchObject({
        thread_id: message.thread_id,
        role: message.role,
        created_at: message.created_at,
        turn: message.turn,
        line: message.line,
      });
    }
  });

  test('finds what all words are in, in any case and order, and quoted words to the letter', async () => {
    const words = sampleText.split(/\W+/).filter((word) => word.length > 2);
    const [first = '', second = ''] = words;
    const ids = async (text: string): Promise<readonly string[]> =>
      (await search(asker, text)).messages.map(({ message_id }) => message_id);
    const both = await ids(`${second.toUpperCase()} ${first}`);
    expect(both.length).toBeGreaterThan(0);
    expect(await ids(`"${second} ${second}"`)).toEqual([]);
    expect(await ids(`${first} nowheretobefound`)).toEqual([]);
    expect(await ids(`"${sampleText.slice(0, 40)}"`)).not.toEqual([]);
  });

  test('finds parts of what is written without spaces', async () => {
    const messages = await readAll(asker);
    const text = messages
      .map(({ parts }) => searchText(parts))
      .find((one) => /\p{Script=Han}{3}/u.test(one));
    const part = /\p{Script=Han}{2}(?=\p{Script=Han})/u.exec(text ?? '')?.[0] ?? '';
    expect(part).not.toBe('');
    const { messages: found } = await search(asker, part);
    expect(found.length).toBeGreaterThan(0);
    for (const { excerpt } of found) expect(excerpt).toContain(part);
  });

  test('pages meet every message once, newest first, also when others come between', async () => {
    const text = sampleText.split(/\W+/).find((word) => word.length > 3) ?? '';
    const all = await search(copies, text, '&limit=200');
    const times = all.messages.map(({ created_at }) => created_at);
    expect(all.messages.length).toBeGreaterThanOrEqual(COPIES);
    expect(times).toEqual(times.toSorted().toReversed());
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: MessageSearchAnswer = await search(
        copies,
        text,
        `&limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...page.messages.map(({ message_id }) => message_id));
      if (cursor === '') await store.write(copyOf(COPIES), 'copies');
      cursor = page.next_cursor;
    }
    expect(ids).toEqual(all.messages.map(({ message_id }) => message_id));
  });

  test('tells a message once when it was stored twice, and not at all when it is gone', async () => {
    const text = sampleText.split(/\W+/).find((word) => word.length > 3) ?? '';
    const before = await search(copies, text, '&limit=200');
    await store.write(copyOf(0), 'copies');
    await store.client.command({
      query: `INSERT INTO derived_messages SELECT * REPLACE(version - 1 AS version) FROM derived_messages`,
    });
    expect(await search(copies, text, '&limit=200')).toEqual(before);
    const [gone] = before.messages;
    await store.client.command({
      query: `INSERT INTO derived_messages SELECT * REPLACE(version + 1 AS version, 1 AS is_deleted) FROM derived_messages
        WHERE project_id = 'copies' AND message_id = {id:UUID}`,
      query_params: { id: gone?.message_id },
    });
    const after = await search(copies, text, '&limit=200');
    expect(after.messages).toEqual(before.messages.slice(1));
  });

  test('finds instructions only when they are asked for', async () => {
    const system = (await readAll(asker)).find(({ role }) => role === 'system');
    const text = searchText(system?.parts ?? [])
      .split(' ')
      .slice(0, 6)
      .join(' ');
    const roles = async (more: string) =>
      new Set((await search(asker, text, more)).messages.map(({ role }) => role));
    expect(await roles('')).not.toContain('system');
    expect(await roles('&role=system')).toEqual(new Set(['system']));
  });

  test('knows nothing of another project', async () => {
    const other = createAsker({ ...store, projectOf: () => 'other' });
    expect(await search(other, sampleText.slice(0, 30))).toEqual({
      messages: [],
      next_cursor: null,
    });
  });

  test.each([
    '',
    '%20',
    '%22%22',
    'a'.repeat(257),
    Array.from({ length: 65 }, (_, i) => `w${i}`)
      .join('+')
      .slice(0, 400),
  ])('refuses the search "%s"', async (text) => {
    const problem = await asker.getProblem(`/messages?search=${text}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'search' }] });
  });

  test('refuses a cursor of another list', async () => {
    const { next_cursor } = await copies.get(threadListShape, '/threads?limit=1');
    const problem = await copies.getProblem(`/messages?search=a&cursor=${next_cursor}`);
    expect(problem).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] });
  });
});
