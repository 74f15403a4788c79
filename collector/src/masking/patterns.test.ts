import { describe, expect, test } from 'vitest';
import { compilePattern, findFault } from './patterns.js';

test.each([
  ['(', 'missing closing ): `(`.'],
  ['(?=a)b', 'invalid or unsupported Perl syntax: `(?=`.'],
  [String.raw`(a)\1`, 'invalid escape sequence: `\\1`.'],
  ['a{1001}', 'invalid repeat count: `{1001}`.'],
  ['(?:[ab]{100}){10}', 'it is too large; repeat fewer times.'],
  ['a*', 'it matches nothing at all.'],
  ['"id": "x"', 'texts are read between quotation marks, so it finds none.'],
])('tells what is wrong with %s', (pattern, fault) => {
  expect(findFault(pattern)).toBe(fault);
});

test('finds each match, apart and in order', () => {
  const found = compilePattern(String.raw`\bK-\d+|z`).find('K-1, aK-2, K-33z');
  expect(found).toEqual([
    [0, 3],
    [11, 15],
    [15, 16],
  ]);
});

test('finds as much in a long line as in a short one', () => {
  const line = Array.from({ length: 2_000 }, (_, at) => `word K-${100_000 + at}`).join(' ');
  const found = compilePattern(String.raw`\bK-\d{6}\b`).find(line);
  expect(found).toHaveLength(2_000);
  expect(found.every(([start, end]) => /^K-\d{6}$/.test(line.slice(start, end)))).toBe(true);
});

describe('catastrophic patterns', () => {
  test.each([
    ['(a+)+b', 'a'.repeat(200_000)],
    ['(a|aa)+$', `${'a'.repeat(200_000)}!`],
    ['(?:a*)*b', 'a'.repeat(200_000)],
    // Each match is short, and each search for a longer one goes to the end: a square in any engine.
    ['a[^z]*z|a', 'a'.repeat(20_000)],
    ['(?:[ab]?){200}c', 'ab'.repeat(5_000)],
  ])('%s takes time in proportion to the text', { timeout: 20_000 }, (pattern, text) => {
    expect(findFault(pattern)).toBeUndefined();
    compilePattern(pattern).find(text);
  });
});
