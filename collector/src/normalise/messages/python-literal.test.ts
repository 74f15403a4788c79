import { expect, test } from 'vitest';
import { readPython } from './python-literal.js';

test.each([
  ["{'result': 'Taken over.'}", { result: 'Taken over.' }],
  [`{'a': "it's", 'b': 'say "hi"'}`, { a: "it's", b: 'say "hi"' }],
  [
    String.raw`['two\nlines', 'back\\slash', 'Z\xfcrich', '\u2028', '\U0001f600', 'it\'s']`,
    ['two\nlines', 'back\\slash', 'Zürich', '\u2028', '😀', "it's"],
  ],
  ["{'n': None, 't': True, 'f': False, 'x': -1.5e-07}", { n: null, t: true, f: false, x: -1.5e-7 }],
  ['(1, (2,), [], {})', [1, [2], [], {}]],
])('%s', (literal, value) => {
  expect(readPython(literal)).toEqual(value);
});

test.each([
  'Taken over.',
  "{'at': datetime.date(2026, 1, 1)}",
  "{'cut': 'off",
  "{'a': 1} and more",
  "{'id': 12345678901234567890}",
  "{1: 'a'}",
])('is not read where it would be guesswork: %s', (literal) => {
  expect(readPython(literal)).toBeUndefined();
});
