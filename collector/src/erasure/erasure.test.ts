import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatSpan, converse, traceIdOf, type SaidCall } from '../recordings/testing/chat-span.js';
import { answer, prompt } from '../recordings/testing/log-record.js';
import { selectRows } from '../store/client.js';
import { openTestStore } from '../store/testing/open-test-store.js';
import { loadThreads } from '../thread-loader.js';
import { previewErasure } from './preview.js';
import { findProjectTables } from './store-tables.js';
import type { Subject } from './subject.js';
import { TABLES } from './tables.js';
import { dumpProject, findWords, openEraser, type Eraser } from './testing/eraser.js';

let client: ClickHouseClient;
let eraser: Eraser;

beforeAll(async () => {
  ({ client } = await openTestStore());
  eraser = openEraser(client);
});
afterAll(async () => {
  await eraser.stop();
  await client.close();
});

/** Seconds since the first second of `chatSpan`. */
const now = (): number => Math.floor(Date.now() / 1_000) - 1_790_000_000;

const talk = (
  thread: string,
  user: string,
  words: readonly string[],
  more: Partial<SaidCall> = {},
): readonly SaidCall[] =>
  converse(thread, 0, words, {
    attributes: { 'session.id': thread, 'user.id': user },
    ...more,
  });

const send = (projectId: string, calls: readonly SaidCall[]): Promise<void> =>
  eraser.send(projectId, calls.map(chatSpan));

async function read(projectId: string, threadId: string): Promise<Conversation | undefined> {
  const [thread] = await loadThreads(client, projectId, [threadId]);
  return thread?.conversation;
}

const wordsOf = (conversation: Conversation | undefined): readonly string[] =>
  (conversation?.messages ?? []).flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])),
  );

async function listed(projectId: string): Promise<readonly string[]> {
  const rows = await selectRows<{ thread_id: string }>(
    client,
    'SELECT thread_id FROM threads WHERE project_id = {projectId:String} ORDER BY thread_id',
    { projectId },
  );
  return rows.map(({ thread_id }) => thread_id);
}

/** What the views tell of a thread's messages; '' for one whose content is gone. */
async function texts(projectId: string, threadId: string): Promise<readonly string[]> {
  const rows = await selectRows<{ text: string }>(
    client,
    `SELECT text FROM messages WHERE project_id = {projectId:String} AND thread_id = {threadId:String} ORDER BY position`,
    { projectId, threadId },
  );
  return rows.map(({ text }) => text);
}

/** Every erasure writes the parts of a dozen tables anew. */
const TIMEOUT_MS = 240_000;

/** Between what is said while something is being erased. */
const BETWEEN_MS = 200;

const LONG = 'and so on, long enough to be folded out of the attributes that it stood in';

test('every table that has a project is covered', async () => {
  const tables = await findProjectTables(client);
  expect(tables.length).toBeGreaterThan(15);
  expect(tables.map(({ table }) => table).filter((table) => !(table in TABLES))).toEqual([]);
});

describe('a thread', { timeout: TIMEOUT_MS }, () => {
  const secret = `The secret of Anna Quendler, ${LONG}`;
  const shared = `Good morning to all of you, ${LONG}`;
  const words = [shared, 'Good morning, Anna.', secret, 'I will not tell.'];

  test('goes with all that nobody else has said, and nothing else does', async () => {
    await send('p', talk('quendler-1', 'anna-q', words));
    await send('p', talk('bert-1', 'bert', [shared, 'Good morning, Bert.']));
    await send('other', talk('quendler-1', 'anna-q', words));
    const [other, kept] = [await dumpProject(client, 'other'), await read('p', 'bert-1')];
    const options = { client, projectId: 'p', inferThreads: true };
    const subject: Subject = { kind: 'thread', id: 'quendler-1' };

    const preview = await previewErasure(options, subject, Date.now());
    expect(preview.counts).toMatchObject({
      threads: 1,
      traces: 2,
      spans: 2,
      contents: 3,
      contents_kept: 1,
    });
    expect(await listed('p')).toEqual(['bert-1', 'quendler-1']);

    const { id, report, state } = await eraser.erase('p', subject);
    expect(await eraser.erasures.ledger.find('other', id)).toBeUndefined();
    expect(state).toBe('done');
    expect(report.counts).toMatchObject({
      threads: 1,
      traces: 2,
      spans: 2,
      contents: 3,
      contents_kept: 1,
    });
    expect(report.tables.map(({ left }) => left)).toEqual(report.tables.map(() => 0));
    expect(report.tables.find(({ table }) => table === 'fact_spans')).toMatchObject({
      before: 2,
      deleted: 2,
    });
    expect(await dumpProject(client, 'other')).toEqual(other);
    expect(await read('p', 'bert-1')).toEqual(kept);
    expect(await texts('p', 'bert-1')).toEqual([shared, 'Good morning, Bert.']);
    expect(await listed('p')).toEqual(['bert-1']);
    expect(await read('p', 'quendler-1')).toBeUndefined();
  });

  test('leaves no word behind in any column of any table', async () => {
    await eraser.erase('other', { kind: 'thread', id: 'quendler-1' });
    const traces = ['quendler-11', 'quendler-12'].map(traceIdOf);
    expect(
      await findWords(client, ['Quendler', 'quendler', 'anna-q', 'not tell', ...traces]),
    ).toEqual([]);
  });

  test('stays away when its spans arrive late, known by their trace alone', async () => {
    const late = talk('quendler-1', 'anna-q', words);
    const [first] = late;
    if (first === undefined) throw new Error('nothing was said');
    await send('p', late);
    const child = chatSpan({ ...first, attributes: {} });
    await eraser.send('p', [{ ...child, spanId: '00000000000000aa' as typeof child.spanId }]);
    expect(await listed('p')).toEqual(['bert-1']);
    expect(await findWords(client, ['Quendler', 'quendler', 'anna-q'])).toEqual([]);
    const [erasure] = await eraser.settled('p');
    const counts = await eraser.erasures.ledger.countLate([erasure?.id ?? '']);
    expect([...counts.values()]).toEqual([{ spans: 3, logs: 0 }]);
  });

  test('goes too where a part of it was stored before it said whose it is', async () => {
    const call = {
      trace: 'unheard',
      at: 0,
      history: [`A late word, ${LONG}`],
      answer: 'Too late.',
    };
    const attributes = { 'session.id': 'quendler-1', 'user.id': 'anna-q' };
    const root = chatSpan({ ...call, attributes });
    const child = chatSpan(call);
    await eraser.send('p', [
      { ...child, spanId: '00000000000000bb' as typeof child.spanId, parentSpanId: root.spanId },
    ]);
    expect(await findWords(client, ['A late word'])).not.toEqual([]);
    await eraser.send('p', [root]);
    const all = await eraser.settled('p');
    expect(all.map(({ kind }) => kind)).toContain('late');
    expect(await findWords(client, ['A late word', 'Too late'])).toEqual([]);
    expect(await listed('p')).toEqual(['bert-1']);
  });

  test('may begin anew, and its words are stored again', async () => {
    await send(
      'p',
      talk('quendler-1', 'anna-q', words, { at: now() + 1, trace: 'again' }).slice(-1),
    );
    expect(wordsOf(await read('p', 'quendler-1'))).toEqual(words);
    expect(await texts('p', 'quendler-1')).toEqual(words);
    expect(await listed('p')).toEqual(['bert-1', 'quendler-1']);
  });

  test('goes once more, with what began by then', async () => {
    await eraser.erase('p', { kind: 'thread', id: 'quendler-1' });
    expect(await listed('p')).toEqual(['bert-1']);
    expect(await findWords(client, ['Quendler', 'quendler', 'anna-q'])).toEqual([]);
  });

  test('goes with its inferred traces and its records outside any trace', async () => {
    const calls = converse('guessed', 0, ['One odd thing', 'Yes?', 'Two odd things', 'Indeed.']);
    await send('inferred', calls);
    const [threadId = ''] = await listed('inferred');
    expect((await read('inferred', threadId))?.messages).toHaveLength(4);
    await eraser.send(
      'inferred',
      [],
      [prompt('cli-1', 0, 'An odd prompt'), answer('cli-1', 1, 'An odd answer')],
    );
    expect(await listed('inferred')).toEqual(['cli-1', threadId].toSorted());
    await eraser.erase('inferred', { kind: 'thread', id: threadId });
    await eraser.erase('inferred', { kind: 'thread', id: 'cli-1' });
    expect(await listed('inferred')).toEqual([]);
    expect(await findWords(client, ['odd thing', 'odd prompt', 'odd answer', 'cli-1'])).toEqual([]);
    await eraser.send('inferred', [], [prompt('cli-1', 0, 'An odd prompt')]);
    expect(await listed('inferred')).toEqual([]);
  });
});

describe('a user', { timeout: TIMEOUT_MS }, () => {
  test('goes with own threads whole and with own spans elsewhere', async () => {
    const secret = `Carla Zwick was here, ${LONG}`;
    await send('u', talk('carla-alone', 'carla-z', [secret, 'So you were.']));
    const group = talk('group', 'dora', ['Who is here?', 'Nobody yet.']);
    await send('u', group);
    await send('u', [
      {
        trace: 'group-carla',
        at: 100,
        history: [`Zwick speaking, ${LONG}`],
        answer: 'Hello, Zwick.',
        attributes: { 'session.id': 'group', 'user.id': 'carla-z' },
      },
    ]);
    await send('u', talk('dora-alone', 'dora', ['I am alone.', 'You are.']));
    const dora = await dumpProject(client, 'u');
    expect(await read('u', 'group')).toBeDefined();

    const { report } = await eraser.erase('u', { kind: 'user', id: 'carla-z' });
    expect(report.counts).toMatchObject({ threads: 1, traces: 2, spans: 2, shared_threads: 1 });
    expect(await listed('u')).toEqual(['dora-alone', 'group']);
    expect(await texts('u', 'group')).toEqual(['Who is here?', 'Nobody yet.']);
    expect(wordsOf(await read('u', 'group'))).toEqual(['Who is here?', 'Nobody yet.']);
    expect(await findWords(client, ['Zwick', 'carla-z'])).toEqual([]);
    const after = await dumpProject(client, 'u');
    expect(after['fact_spans']).toEqual(dora['fact_spans']?.filter((row) => row.includes('dora')));

    await send('u', talk('carla-alone', 'carla-z', [secret, 'So you were.']));
    await send('u', talk('carla-elsewhere', 'carla-z', [secret, 'So you were.']));
    expect(await listed('u')).toEqual(['dora-alone', 'group']);
    expect(await findWords(client, ['Zwick', 'carla-z'])).toEqual([]);
  });

  test('goes with what they said about a message, by its id alone', async () => {
    const report = (trace: string, attributes: Readonly<Record<string, string>>) => ({
      ...chatSpan({ trace, at: 5, history: [], answer: '' }),
      attributes: new Map(Object.entries(attributes)),
    });
    await eraser.send('f', [
      report('told', {
        'colloquy.span.kind': 'message',
        'colloquy.message.id': 'm-17',
        'colloquy.thread.id': 'told-thread',
        'user.id': 'emil',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', content: 'What is this?' }]),
      }),
      report('judged', {
        'colloquy.span.kind': 'feedback',
        'colloquy.message.id': 'm-17',
        'user.id': 'frieda-k',
        'colloquy.feedback': JSON.stringify({ comment: 'Frieda Knorr dislikes it' }),
      }),
    ]);
    await eraser.erase('f', { kind: 'user', id: 'frieda-k' });
    expect(await findWords(client, ['Knorr', 'frieda-k'])).toEqual([]);
    expect(await listed('f')).toEqual(['told-thread']);
    await eraser.erase('f', { kind: 'thread', id: 'told-thread' });
    await eraser.send('f', [
      report('judged-late', {
        'colloquy.span.kind': 'feedback',
        'colloquy.message.id': 'm-17',
        'user.id': 'gustav',
      }),
    ]);
    expect(await findWords(client, ['m-17', 'gustav', 'told-thread'])).toEqual([]);
  });
});

test(
  'what others say meanwhile is stored, the same words too',
  { timeout: TIMEOUT_MS },
  async () => {
    const words = ['A common question', 'A common answer', 'A common doubt', 'A common comfort'];
    await send('busy', talk('old-one', 'ida', words));
    const erased = eraser.erase('busy', { kind: 'thread', id: 'old-one' });
    const isErased = async (): Promise<boolean> =>
      Promise.race([erased.then(() => true), sleep(BETWEEN_MS, false)]);
    const threads: string[] = [];
    while (!(await isErased())) {
      const thread = `meanwhile-${threads.length}`;
      threads.push(thread);
      const at = now() + threads.length;
      const spans = talk(thread, 'karl', words).map((call) =>
        chatSpan({ ...call, at: at + call.at }),
      );
      await eraser.pipeline.consume({ projectId: 'busy', bytes: 0, spans, logs: [] });
    }
    const { report } = await erased;
    expect(report.tables.every(({ left }) => left === 0)).toBe(true);
    await eraser.settled('busy');
    expect(await listed('busy')).toEqual(threads.toSorted());
    expect(threads.length).toBeGreaterThan(5);
    const told = await selectRows<{ texts: readonly string[] }>(
      client,
      `SELECT groupArray(text) AS texts FROM
       (SELECT thread_id, text FROM messages WHERE project_id = 'busy' ORDER BY thread_id, position) GROUP BY thread_id`,
      {},
    );
    expect(told.map((one) => one.texts)).toEqual(threads.map(() => words));
  },
);

test('a project goes whole, and another stays to the letter', { timeout: TIMEOUT_MS }, async () => {
  const words = [`Everything of ours, ${LONG}`, 'All of it.'];
  await send('doomed', talk('doomed-1', 'hugo', words));
  const key = {
    key_id: 'k-1',
    project_id: 'doomed',
    name: 'The key of Hugo',
    hash: 'h',
    version: 1,
  };
  await client.insert({ table: 'access_keys', values: [key], format: 'JSONEachRow' });
  await send('doomed', converse('unnamed', 0, ['Nobody named me', 'Nor me.']));
  await send('spared', talk('spared-1', 'hugo', words));
  const spared = await dumpProject(client, 'spared');
  const { report } = await eraser.erase('doomed', { kind: 'project', id: 'doomed' });
  expect(report.tables.every(({ left }) => left === 0)).toBe(true);
  const left = await dumpProject(client, 'doomed');
  expect(Object.keys(left).toSorted()).toEqual(['access_keys', 'erasure_marks', 'erasures']);
  const keys = await selectRows(
    client,
    'SELECT name, revoked_at IS NULL AS open FROM access_keys',
    {},
  );
  expect(keys).toEqual([{ name: '', open: 0 }]);
  expect(await dumpProject(client, 'spared')).toEqual(spared);
  await send('doomed', talk('doomed-1', 'hugo', words));
  expect(await listed('doomed')).toEqual([]);
  await send('doomed', converse('unnamed', now() + 5, ['Nobody named me', 'Nor me.']));
  expect(await listed('doomed')).toHaveLength(1);
  expect(await texts('doomed', (await listed('doomed'))[0] ?? '')).toEqual([
    'Nobody named me',
    'Nor me.',
  ]);
});
