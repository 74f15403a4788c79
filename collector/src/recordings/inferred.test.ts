import type { Span } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRODUCERS } from '../producers/index.js';
import { loadRecording, RECORDED_PRODUCERS } from './load-recording.js';
import { mainLine, rebuildInMemory } from './rebuild-in-memory.js';
import { unnamed } from './testing/unnamed.js';
import { chatSpan, converse, traceIdOf, type SaidCall } from './testing/chat-span.js';

const RUNS = { numRuns: 5, seed: 20_261_123 };

/** The threads that these calls give: their ids and the traces in them, by name. */
function threadsOf(calls: readonly SaidCall[], options?: { readonly inferThreads: boolean }) {
  const names = new Map<string, string>(calls.map(({ trace }) => [traceIdOf(trace), trace]));
  const threads = rebuildInMemory([{ spans: calls.map(chatSpan), logs: [] }], options);
  return Object.fromEntries(
    threads.map(({ threadId, traceIds }) => [
      names.get(threadId) ?? threadId,
      traceIds.map((id) => names.get(id) ?? id).toSorted(),
    ]),
  );
}

const named = (threadId: string): Partial<SaidCall> => ({ attributes: { 'session.id': threadId } });

const HELLO = ['Hello', 'Hi, how can I help?'];
const words = [...HELLO, 'A tent', 'Which one?', 'The red one', 'Done'];

describe('traces that nobody named', () => {
  test('are one thread when each goes on from the one before', () => {
    const calls = converse('a', 0, words);
    expect(threadsOf(calls)).toEqual({ a1: ['a1', 'a2', 'a3'] });
    const [thread] = rebuildInMemory([{ spans: calls.map(chatSpan), logs: [] }]);
    expect(thread).toMatchObject({ isInferred: true });
    expect(thread?.messages).toHaveLength(6);
  });

  test('are joined over one that never arrived', () => {
    const [first, , last] = converse('a', 0, words);
    expect(threadsOf([first, last].flatMap((call) => call ?? []))).toEqual({ a1: ['a1', 'a3'] });
  });

  test('stay apart when only the user said the same', () => {
    const calls = [
      ...converse('a', 0, ['Hello', 'Hi']),
      ...converse('b', 1, ['Hello', 'Good day', 'Bye', 'Bye']),
    ];
    expect(threadsOf(calls)).toEqual({ a1: ['a1'], b1: ['b1', 'b2'] });
  });

  test('stay apart while they are alike, and are joined from where they differ', () => {
    const calls = [
      ...converse('a', 0, [...HELLO, 'A tent', 'Which?', 'Red', 'Done']),
      ...converse('b', 1, [...HELLO, 'A boat', 'Which?', 'Blue', 'Done']),
    ];
    expect(threadsOf(calls)).toEqual({
      a1: ['a1'],
      a2: ['a2', 'a3'],
      b1: ['b1'],
      b2: ['b2', 'b3'],
    });
  });

  test('are joined when the like conversation began only later', () => {
    const calls = [
      ...converse('a', 0, words),
      ...converse('b', 100, [...HELLO, 'A boat', 'Which?', 'Blue', 'Done']),
    ];
    expect(threadsOf(calls)).toEqual({ a1: ['a1', 'a2', 'a3'], b1: ['b1'], b2: ['b2', 'b3'] });
  });

  test('keep an answer that was asked for again', () => {
    const again = { trace: 'again', at: 35, history: words.slice(0, 3), answer: 'Blue or red?' };
    expect(threadsOf([...converse('a', 0, words), again])).toEqual({
      a1: ['a1', 'a2', 'a3', 'again'],
    });
  });

  test.each([
    ['users', { attributes: { 'user.id': 'x' } }, { attributes: { 'user.id': 'y' } }],
    ['services', { service: 'x' }, { service: 'y' }],
  ])('of different %s are never joined', (_, first, later) => {
    const [one, ...rest] = converse('a', 0, words, later);
    const calls = [...(one === undefined ? [] : [{ ...one, ...first }]), ...rest];
    expect(threadsOf(calls)).toEqual({ a1: ['a1'], a2: ['a2', 'a3'] });
  });

  test('stay apart when the words were redacted', () => {
    const calls = converse('a', 0, ['[REDACTED]', '[REDACTED]', '[REDACTED]', '[REDACTED]']);
    expect(threadsOf(calls)).toEqual({ a1: ['a1'], a2: ['a2'] });
  });

  test('stay apart after more than a week', () => {
    const [first, second] = converse('a', 0, words);
    const late = second === undefined ? [] : [{ ...second, at: 8 * 24 * 3_600 }];
    expect(threadsOf([...(first === undefined ? [] : [first]), ...late])).toEqual({
      a1: ['a1'],
      a2: ['a2'],
    });
  });

  test('stay apart when threads are not inferred', () => {
    expect(threadsOf(converse('a', 0, words), { inferThreads: false })).toEqual({
      a1: ['a1'],
      a2: ['a2'],
      a3: ['a3'],
    });
  });
});

describe('a thread id', () => {
  test.each([0, 1, 2])('on any trace takes over all of them: %i', (which) => {
    const calls = converse('a', 0, words).map((call, index) =>
      index === which ? { ...call, ...named('mine') } : call,
    );
    expect(threadsOf(calls)).toEqual({ mine: ['a1', 'a2', 'a3'] });
    expect(rebuildInMemory([{ spans: calls.map(chatSpan), logs: [] }])[0]).toMatchObject({
      isInferred: false,
    });
  });

  test('and another split them; each keeps what goes on from it', () => {
    const long = [...words, 'Thanks', 'Welcome', 'Bye', 'Bye'];
    const names = [undefined, 'one', undefined, 'two', undefined];
    const calls = converse('a', 0, long).map((call, index) => {
      const name = names[index];
      return name === undefined ? call : { ...call, ...named(name) };
    });
    expect(threadsOf(calls)).toEqual({ one: ['a1', 'a2', 'a3'], two: ['a4', 'a5'] });
  });
});

describe('a trace without an id', () => {
  const alone = { at: 20, history: ['And now?'], answer: 'Then that' };

  test('belongs with the response that it names', () => {
    const calls = [
      ...converse('a', 0, HELLO, {
        attributes: { 'session.id': 'mine', 'gen_ai.response.id': 'resp_1' },
      }),
      {
        trace: 'next',
        ...alone,
        attributes: {
          'gen_ai.request.previous_response_id': 'resp_1',
          'gen_ai.conversation.id': 'resp_1',
        },
      },
    ];
    expect(threadsOf(calls)).toEqual({ mine: ['a1', 'next'] });
  });

  test('belongs with the trace that it links to, and with none when those are several', () => {
    const calls = [...converse('a', 0, HELLO), ...converse('b', 1, ['Hey', 'Yes?'])];
    const linked = { trace: 'linked', ...alone, links: ['a1'] };
    const batch = { trace: 'batch', ...alone, links: ['a1', 'b1'] };
    expect(threadsOf([...calls, linked, batch])).toEqual({
      a1: ['a1', 'linked'],
      b1: ['b1'],
      batch: ['batch'],
    });
  });
});

/** Without those that say why their traces are not joined yet. */
const joinable = RECORDED_PRODUCERS.filter(
  (name) => !PRODUCERS.some((one) => one.name === name && one.skips['unnamed'] !== undefined),
);

describe.each(joinable.map((producer) => loadRecording(producer)))(
  '$producer without its id',
  (recording) => {
    const copies = [1, 2, 3].map((copy) => unnamed(recording, copy));
    const requests = copies.flatMap(({ spans, logs }) => [
      ...spans.map((span) => ({ spans: [span], logs: [] })),
      ...logs.map((log) => ({ spans: [], logs: [{ ...log, sequence: 0 }] })),
    ]);
    const whole = rebuildInMemory(requests);

    test('is one thread for each conversation, of the same length', () => {
      expect(whole.map(({ isInferred }) => isInferred)).toEqual([true, true, true]);
      for (const thread of whole) {
        expect(mainLine(thread)).toHaveLength(recording.expected.messages.length);
        expect(thread.messages.filter(({ line }) => line !== 'main')).toEqual([]);
      }
    });

    test('has the id of its first trace', () => {
      const first = (copy: number): Span | undefined =>
        copies[copy]?.spans.toSorted((a, b) =>
          Number(a.startTimeUnixNano - b.startTimeUnixNano),
        )[0];
      expect(whole.map(({ threadId }) => threadId)).toEqual(
        [0, 1, 2].map((copy) => String(first(copy)?.traceId)).toSorted((a, b) => (a < b ? -1 : 1)),
      );
    });

    test('gives the same in any order, with copies', () => {
      const order = fc.shuffledSubarray([...requests, ...requests], {
        minLength: requests.length * 2,
      });
      fc.assert(
        fc.property(order, (shuffled) => {
          expect(rebuildInMemory(shuffled)).toEqual(whole);
        }),
        RUNS,
      );
    });
  },
);
