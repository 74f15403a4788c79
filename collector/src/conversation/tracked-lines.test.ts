import { describe, expect, test } from 'vitest';
import { createStored } from './call.js';
import { splitLines } from './tracked-lines.js';
import type { TrackedMessage } from './tracked.js';

const tracked = (trackedId: string, links: Partial<TrackedMessage> = {}): TrackedMessage => ({
  trackedId,
  stored: createStored(trackedId, { role: 'user', parts: [] }),
  replaces: undefined,
  follows: undefined,
  metadata: {},
  createdAt: 0n,
  traceId: 't',
  spanId: trackedId,
  ...links,
});

const show = (messages: readonly TrackedMessage[]) => {
  const { main, branches } = splitLines(messages);
  return [
    main.map(({ trackedId }) => trackedId).join(' '),
    ...branches.map(
      ({ after, messages: left }) =>
        `${after?.trackedId ?? '-'} > ${left.map(({ trackedId }) => trackedId).join(' ')}`,
    ),
  ];
};

describe('splitLines', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => tracked(id)) as [
    TrackedMessage,
    TrackedMessage,
    TrackedMessage,
    TrackedMessage,
  ];

  test('leaves messages that name no other in the order of their times', () => {
    expect(show([a, b, c])).toEqual(['a b c']);
  });

  test('gives up a replaced message and all that came after it', () => {
    expect(show([a, b, c, tracked('B', { replaces: 'b' }), d])).toEqual(['a B d', 'a > b c']);
  });

  test('gives up what does not follow the message that is named', () => {
    expect(show([a, b, c, tracked('B', { follows: 'a' })])).toEqual(['a B', 'a > b c']);
  });

  test('replaces the replacement, and the first message too', () => {
    const A = tracked('A', { replaces: 'a' });
    expect(show([a, A, tracked('Å', { replaces: 'A' })])).toEqual(['Å', '- > a', '- > A']);
  });

  test('takes a message that names one nobody knows as the next', () => {
    expect(show([a, tracked('b', { replaces: 'x', follows: 'y' })])).toEqual(['a b']);
  });
});
