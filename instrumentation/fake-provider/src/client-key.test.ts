import { expect, test } from 'vitest';
import { readClientKey } from './client-key.js';

const SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=abc/20251009/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0f';

test.each([
  { authorization: 'Bearer abc' },
  { authorization: 'abc' },
  { authorization: SIGNATURE },
  { 'x-api-key': 'abc' },
  { 'x-goog-api-key': 'abc' },
])('reads the bare key from %o', (headers) => {
  expect(readClientKey(headers)).toBe('abc');
});

test('takes a client without a key for the one with an empty key', () => {
  expect(readClientKey({})).toBe('');
});
