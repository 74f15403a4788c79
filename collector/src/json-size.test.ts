import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasMoreValues } from './json-size.js';
import { readWhole } from './normalise/read-whole.js';

/** Objects, lists and keys of a value. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const keys = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, item) => sum + countOf(item), 1 + keys);
}

test('counts what is in any JSON, and nothing within its texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const count = countOf(value);
      const text = JSON.stringify(value);
      expect(hasMoreValues(text, count)).toBe(false);
      // Nothing is more than fewer than none.
      expect(hasMoreValues(text, Math.max(0, count - 1))).toBe(count > 0);
    }),
  );
});

test('a history of more values than any conversation has is kept as it is', () => {
  const text = `[${'{},'.repeat(200_001)}{}]`;
  expect(readWhole(text, 'user')).toEqual([
    { role: 'user', parts: [{ type: 'raw', content: text }] },
  ]);
});
