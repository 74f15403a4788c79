import { expect, test } from 'vitest';
import { readPythonRepr } from './python-repr.js';

const read = (text: string) => readPythonRepr(text, (name, fields) => ({ [name]: fields }));

test.each([
  [String.raw`'it\'s\n\xe9 \u00fc \U0001f600'`, "it's\né ü 😀"],
  [`"it's"`, "it's"],
  ['[1, -2.5, 1e3, None, True, False]', [1, -2.5, 1000, null, true, false]],
  ["('a',)", ['a']],
  ["[b'JVBE']", ['JVBE']],
  ["{'a': {'b': []}, 1: ()}", { a: { b: [] }, '1': [] }],
  ['12345678901234567890', '12345678901234567890'],
  ["Point(x=1, label='here')", { Point: { x: 1, label: 'here' } }],
  ["<ChatRole.USER: 'user'>", 'user'],
  ['<function App.tool.<locals>.call at 0x7f25>', null],
])('reads %s', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each(['', 'hello', "['a'", "{'a': }", "['a'] and more", "Point('positional')", "'open"])(
  'leaves %j alone',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);

test('reads a long text, and gives up on nesting without end', () => {
  const long = 'x'.repeat(2_000_000);
  expect(read(`['${long}']`)).toEqual([long]);
  expect(read('['.repeat(100_000))).toBeUndefined();
});
