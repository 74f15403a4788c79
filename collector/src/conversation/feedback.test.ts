import type { ConversationMessage, JsonObject, SpanFact } from '@colloquy/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachFeedback } from './feedback.js';
import { span } from './testing/spans.js';

const message = { trackedId: 'm', messageId: 'id' } as ConversationMessage;

const judge = (
  at: number,
  feedback: JsonObject | null,
  more: Partial<SpanFact> = {},
): SpanFact => ({
  ...span(`s${at}`, { start: at, kind: 'feedback' }),
  messageId: 'm',
  report: { feedback },
  ...more,
});

const said = (spans: readonly SpanFact[]) =>
  attachFeedback([message], spans, [])[0]?.feedback?.map(({ userId, values }) => [userId, values]);

test('the last word on each key counts, whatever the order of arrival', () => {
  const spans = [
    judge(1, { thumb: 'up', comment: 'Nice' }),
    judge(2, { thumb: null }),
    judge(3, { stars: 3 }),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(spans, { minLength: 3 }), (shuffled) => {
      expect(said(shuffled)).toEqual([['', { comment: 'Nice', stars: 3 }]]);
    }),
  );
});

test('null alone takes all back, and what is said later counts again', () => {
  expect(said([judge(1, { thumb: 'up' }), judge(2, null)])).toEqual([]);
  expect(said([judge(1, { thumb: 'up' }), judge(2, null), judge(3, { thumb: 'down' })])).toEqual([
    ['', { thumb: 'down' }],
  ]);
});

test('each user has a word', () => {
  const spans = [
    judge(1, { thumb: 'up' }, { userId: 'ada' }),
    judge(2, { thumb: 'down' }, { userId: 'ben' }),
    judge(3, null, { userId: 'ada' }),
  ];
  expect(said(spans)).toEqual([['ben', { thumb: 'down' }]]);
});

test('a message is also found by the id that the API gives it', () => {
  expect(said([judge(1, { thumb: 'up' }, { messageId: 'id' })])).toEqual([['', { thumb: 'up' }]]);
  expect(said([judge(1, { thumb: 'up' }, { messageId: 'other' })])).toEqual([]);
});
