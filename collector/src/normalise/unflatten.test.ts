import { expect, test } from 'vitest';
import { unflatten } from './unflatten.js';

const attributes = (...entries: readonly (readonly [string, string])[]) => new Map(entries);

test('makes a list of numbered attributes, by number', () => {
  const given = attributes(
    ['m.10.role', 'assistant'],
    ['m.2.role', 'user'],
    ['m.2.parts.0.text', 'Hi'],
  );
  expect(unflatten(given, 'm')).toEqual([
    { role: 'user', parts: [{ text: 'Hi' }] },
    { role: 'assistant' },
  ]);
});

test('takes no key without end for a place', () => {
  const given = attributes(['m.0.role', 'user'], [`m.1${'.content'.repeat(50_000)}`, 'Hi']);
  expect(unflatten(given, 'm')).toEqual([{ role: 'user' }]);
});
