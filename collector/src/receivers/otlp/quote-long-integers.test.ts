import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteLongIntegers } from './quote-long-integers.js';

describe('long integers in JSON', () => {
  test.each([
    ['{"a":1700000000000000001}', '{"a":"1700000000000000001"}'],
    ['{"a": -9223372036854775808 }', '{"a": "-9223372036854775808" }'],
    ['[1234567890123456,\n1234567890123456]', '["1234567890123456",\n"1234567890123456"]'],
    ['[123456789012345]', '[123456789012345]'],
    ['[1234567890123456.5,1234567890123456e3]', '[1234567890123456.5,1234567890123456e3]'],
    [
      '{"a":1700000000000000001,"b":":1700000000000000001,"}',
      '{"a":"1700000000000000001","b":":1700000000000000001,"}',
    ],
    [
      String.raw`{"a":"\":1700000000000000001,\\","b":1700000000000000001}`,
      String.raw`{"a":"\":1700000000000000001,\\","b":"1700000000000000001"}`,
    ],
    ['[1700000000000000001,"open', '["1700000000000000001","open'],
  ])('%s becomes %s', (json, quoted) => {
    expect(quoteLongIntegers(json)).toBe(quoted);
  });

  test('are all that changes in any JSON', () => {
    const awkward = fc.oneof(
      fc.string(),
      fc.constantFrom('"', '\\', '\\"', ':1700000000000000001,'),
    );
    const value = fc.jsonValue({ stringUnit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.array(awkward), (any, strings) => {
        const json = JSON.stringify({ strings, any, long: 0 });
        const withLong = json.replace(/0\}$/, '1700000000000000001}');
        const expected = { ...JSON.parse(json), long: '1700000000000000001' };
        // Rounded doubles from fast-check may be long integers too; those are quoted as well.
        fc.pre(!/[:,[]-?\d{16}/.test(json.replace(/"(?:[^"\\]|\\.)*"/g, '""')));
        expect(JSON.parse(quoteLongIntegers(withLong))).toEqual(expected);
      }),
    );
  });
});
