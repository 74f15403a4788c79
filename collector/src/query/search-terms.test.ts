import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSearchTerms } from './search-terms.js';

describe('readSearchTerms', () => {
  test.each([
    ['Refund ORDER', { words: ['refund', 'order'], phrases: [], parts: [] }],
    ['refund refund', { words: ['refund'], phrases: [], parts: [] }],
    [
      '"late parcel" now',
      { words: ['late', 'parcel', 'now'], phrases: ['late parcel'], parts: [] },
    ],
    ['"never closed', { words: ['never', 'closed'], phrases: ['never closed'], parts: [] }],
    ['"refund"', { words: ['refund'], phrases: [], parts: [] }],
    ['a-17/b', { words: ['a', '17', 'b'], phrases: ['a-17/b'], parts: [] }],
    ['счёт Größe', { words: ['счёт', 'größe'], phrases: [], parts: [] }],
    ['退款', { words: [], phrases: [], parts: ['退款'] }],
    ['?!', { words: [], phrases: ['?!'], parts: [] }],
    [' "" ', { words: [], phrases: [], parts: [] }],
  ])('reads %s', (search, terms) => {
    expect(readSearchTerms(search)).toEqual(terms);
  });

  test('gives words without what stands between words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (search) => {
        for (const word of readSearchTerms(search).words)
          expect(word).toMatch(/^[a-z0-9\u0080-\u{10ffff}]+$/u);
      }),
    );
  });
});
