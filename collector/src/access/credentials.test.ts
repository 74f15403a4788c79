import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCredentials } from './credentials.js';
import { createKey, isKeyOf, keyIdOf } from './secret-key.js';
import { isToken } from './thread-token.js';

const read = (authorization: string | undefined, apiKey?: string): string | undefined =>
  readCredentials((name) => (name === 'authorization' ? authorization : apiKey));

test.each([
  [undefined, undefined, undefined],
  ['', 'k', 'k'],
  ['Bearer k', undefined, 'k'],
  ['BEARER  k ', undefined, 'k'],
  ['Bearer', 'k', ''],
  ['Digest k', 'k', ''],
  [undefined, ' k ', 'k'],
  [`Basic ${btoa('u:p:q')}`, undefined, 'p:q'],
  [`Basic ${btoa('u')}`, undefined, 'u'],
  ['Basic ???', undefined, ''],
])('of Authorization %j and x-api-key %j, %j is shown', (authorization, apiKey, shown) => {
  expect(read(authorization, apiKey)).toBe(shown);
});

test('a key is its own, and no other text is', () => {
  const key = createKey(false);
  expect(isKeyOf(key.text, key.hash)).toBe(true);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(isKeyOf(text, key.hash)).toBe(text === key.text);
      expect(keyIdOf(text)).toBeUndefined();
      expect(isToken(text)).toBe(false);
      expect(() => read(text, text)).not.toThrow();
    }),
  );
});
