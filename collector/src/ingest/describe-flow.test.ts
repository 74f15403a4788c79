import { expect, test } from 'vitest';
import { describeFlow } from './describe-flow.js';

test('says what came of what was accepted', () => {
  const counts = { accepted: 1_204, stored: 1_204, queryable: 1_204, refused: 0 };
  expect(describeFlow(counts)).toEqual({
    ...counts,
    summary: 'accepted 1,204, queryable 1,204, waiting 0',
    spooled: 0,
    waiting: 0,
  });
  expect(describeFlow({ accepted: 20, stored: 9, queryable: 4, refused: 1 })).toMatchObject({
    summary: 'accepted 20, queryable 4, waiting 15, kept as dead letters 1',
    spooled: 10,
    waiting: 15,
  });
});
