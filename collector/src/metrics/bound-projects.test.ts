import { expect, test } from 'vitest';
import { boundProjects } from './bound-projects.js';

test('names so many projects and sums up the others', () => {
  const counts = new Map(
    ['a', 'b', 'c', 'd'].map((project, index) => [project, { accepted: index + 1 }] as const),
  );
  expect([...boundProjects(counts, 2)]).toEqual([
    ['a', { accepted: 1 }],
    ['b', { accepted: 2 }],
    ['_other', { accepted: 7 }],
  ]);
  expect(boundProjects(counts)).toEqual(counts);
});
