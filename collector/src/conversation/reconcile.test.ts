import type { Message } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { createStored, type Call } from './call.js';
import { commonSequence } from './common-sequence.js';
import { GrowingTree } from './growing-tree.js';
import { listMessages } from './messages.js';
import { reconcile } from './reconcile.js';
import { call } from './testing/calls.js';
import type { TrackedMessage } from './tracked.js';

const ROLES: Readonly<Record<string, string>> = { u: 'user', a: 'assistant' };

/** A tracked message in a line: `u:hello`; it was said right before call number `before`. */
function track(
  line: string,
  trackedId: string,
  createdAt: bigint,
  more: Partial<TrackedMessage> = {},
): TrackedMessage {
  const role = ROLES[line[0] ?? ''] ?? 'user';
  const message: Message = { role, parts: [{ type: 'text', content: line.slice(2) }] };
  const stored = createStored(hashContent(message), message);
  const links = { replaces: undefined, follows: undefined, metadata: {}, ...more };
  return { trackedId, stored, createdAt, traceId: 'app', spanId: trackedId, ...links };
}

const at = (calls: readonly Call[], index: number, shift = -1n): bigint =>
  (calls[index]?.startTimeUnixNano ?? 0n) + shift;

function show(calls: readonly Call[], tracked: readonly TrackedMessage[]) {
  const { messages, discrepancies } = reconcile(
    listMessages(new GrowingTree().grow(calls), 'thread'),
    tracked,
    'thread',
  );
  const text = ({ parts }: Pick<Message, 'parts'>): string =>
    parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('+');
  return {
    main: messages
      .filter(({ line }) => line === 'main')
      .map((one) => `${one.role[0]}:${text(one)} ${one.source}`),
    turns: messages.filter(({ line }) => line === 'main').map(({ turn }) => turn),
    report: discrepancies.map(({ kind, trackedId, tracked: mine, derived }) =>
      [kind, trackedId, mine && text(mine), derived && text(derived)].filter(Boolean).join(' '),
    ),
  };
}

describe('reconcile', () => {
  test('makes one of a tracked message and what its call shows', () => {
    const calls = [call(['u:hello'], ['a:hi']), call(['u:hello', 'a:hi', 'u:bye'], ['a:see you'])];
    const tracked = [
      track('u:hello', 'm1', at(calls, 0)),
      track('a:hi', 'm2', at(calls, 0, 600n)),
      track('u:bye', 'm3', at(calls, 1)),
      track('a:see you', 'm4', at(calls, 1, 600n)),
    ];
    expect(show(calls, tracked)).toEqual({
      main: ['u:hello both', 'a:hi both', 'u:bye both', 'a:see you both'],
      turns: [1, 1, 2, 2],
      report: [],
    });
  });

  test('shows what the user saw where the model was sent more', () => {
    const calls = [call(['u:Context: lakes. Question: which lake?'], ['a:Lake Zug [1]'])];
    const tracked = [
      track('u:which lake?', 'm1', at(calls, 0)),
      track('a:Lake Zug', 'm2', at(calls, 0, 600n)),
    ];
    expect(show(calls, tracked)).toEqual({
      main: ['u:which lake? both', 'a:Lake Zug both'],
      turns: [1, 1],
      report: [
        'altered m1 which lake? Context: lakes. Question: which lake?',
        'altered m2 Lake Zug Lake Zug [1]',
      ],
    });
  });

  test('puts in by time what no call shows, and tells of it', () => {
    const calls = [call(['u:hello'], ['a:hi']), call(['u:hello', 'a:hi', 'u:bye'], ['a:see you'])];
    const tracked = [
      track('u:hello', 'm1', at(calls, 0)),
      track('a:hi', 'm2', at(calls, 0, 600n)),
      track('a:Still there?', 'm3', at(calls, 0, 700n)),
      track('u:bye', 'm4', at(calls, 1)),
      track('a:see you', 'm5', at(calls, 1, 600n)),
    ];
    const { main, report } = show(calls, tracked);
    expect(main).toEqual([
      'u:hello both',
      'a:hi both',
      'a:Still there? tracked',
      'u:bye both',
      'a:see you both',
    ]);
    expect(report).toEqual(['missing_call m3 Still there?']);
  });

  test('tells of words that nobody reported, but not of the way to a tool', () => {
    const calls = [
      call(['u:weather'], ['a:!weather']),
      call(['u:weather', 'a:!weather', 't:sun'], ['a:sunny']),
    ];
    const tracked = [track('u:weather', 'm1', at(calls, 0)), track('a:other', 'm0', 0n)];
    expect(show(calls, tracked).report).toEqual(['missing_call m0 other', 'missing_message sunny']);
  });

  test('shows once what was reported twice', () => {
    const calls = [call(['u:hello'], ['a:hi'])];
    const tracked = [
      track('u:hello', 'm1', at(calls, 0, -2n)),
      track('u:hello', 'm2', at(calls, 0)),
      track('a:hi', 'm3', at(calls, 0, 600n)),
    ];
    expect(show(calls, tracked)).toMatchObject({
      main: ['u:hello both', 'a:hi both'],
      report: ['doubled m2 hello'],
    });
  });

  test('keeps equal messages that were said twice', () => {
    const calls = [call(['u:ok'], ['a:one']), call(['u:ok', 'a:one', 'u:ok'], ['a:one'])];
    const tracked = [
      track('u:ok', 'm1', at(calls, 0)),
      track('a:one', 'm2', at(calls, 0, 600n)),
      track('u:ok', 'm3', at(calls, 1)),
      track('a:one', 'm4', at(calls, 1, 600n)),
    ];
    expect(show(calls, tracked)).toMatchObject({
      main: ['u:ok both', 'a:one both', 'u:ok both', 'a:one both'],
      report: [],
    });
  });

  test('tells a conversation without any model', () => {
    const tracked = [
      track('u:hello', 'm1', 1n),
      track('a:a human here', 'm2', 2n),
      track('u:oh', 'm3', 3n),
    ];
    expect(show([], tracked)).toEqual({
      main: ['u:hello tracked', 'a:a human here tracked', 'u:oh tracked'],
      turns: [1, 1, 2],
      report: ['unanswered m3'],
    });
  });

  test('loses no message and keeps both orders, whatever was tracked', () => {
    const words = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 6 });
    fc.assert(
      fc.property(words, words, (said, reported) => {
        const history = said.map((word) => `u:${word}`);
        const calls = said.map((_, index) => call(history.slice(0, index + 1), []));
        const tracked = reported.map((word, index) =>
          track(`u:${word}`, `m${index}`, BigInt(index)),
        );
        const { messages, discrepancies } = reconcile(
          listMessages(new GrowingTree().grow(calls), 'thread'),
          tracked,
          'thread',
        );
        const ids = messages.flatMap(({ trackedId }) => trackedId ?? []);
        const doubled = discrepancies.filter(({ kind }) => kind === 'doubled').length;
        expect(ids).toEqual(ids.toSorted());
        expect(ids.length + doubled).toBe(tracked.length);
        expect(messages.filter(({ source }) => source !== 'tracked')).toHaveLength(said.length);
      }),
    );
  });
});

describe('commonSequence', () => {
  test('finds the longest', () => {
    expect(commonSequence(['x', 'a', 'b', 'y'], ['a', 'z', 'b'])).toEqual([
      [1, 0],
      [2, 2],
    ]);
  });

  test('takes nothing for equal that is not known', () => {
    expect(commonSequence([undefined, 'a'], [undefined, 'b'])).toEqual([]);
  });

  test('gives pairs of equal items in the order of both', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(items, items, (a, b) => {
        const pairs = commonSequence(a, b);
        expect(pairs.map(([i]) => a[i])).toEqual(pairs.map(([, j]) => b[j]));
        expect(
          pairs.every(
            ([i, j], n) =>
              n === 0 || (i > (pairs[n - 1]?.[0] ?? 0) && j > (pairs[n - 1]?.[1] ?? 0)),
          ),
        ).toBe(true);
      }),
    );
  });
});
