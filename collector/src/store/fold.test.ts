import type { Message } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText, referencesOf, unfoldText } from './fold.js';

const LONG = 'Where should I go first, with "two days" and a train ticket? 你好 🌤️\nThanks';
const said = (content: string): Message => ({ role: 'user', parts: [{ type: 'text', content }] });
const references = referencesOf({ i: [said(LONG)], o: [], s: [] });

/** As Python's `json.dumps` writes it. */
const ascii = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

describe('foldText', () => {
  test.each([
    ['bare', LONG],
    ['in JSON', JSON.stringify([{ role: 'user', content: LONG }])],
    ['in JSON inside JSON', JSON.stringify({ body: JSON.stringify({ content: LONG }) })],
    ['in JSON of Python', `{"content": ${ascii(LONG)}}`],
  ])('leaves no copy of a text that is %s', (_, value) => {
    const folded = foldText(value, references);
    expect(folded).not.toContain('two days');
    expect(unfoldText(folded, references)).toBe(value);
  });

  test('leaves a text that only resembles a message as it is', () => {
    const value = JSON.stringify({ content: `${LONG}!` });
    expect(foldText(value, references)).toBe(value);
  });

  test('takes time in proportion to the text, however it was cut', () => {
    const nested = JSON.stringify({
      a: JSON.stringify(Array.from({ length: 40_000 }, () => ({ t: '"' }))),
    });
    const since = performance.now();
    foldText(nested.slice(0, -5), references);
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  test('folds JSON that was cut in the middle', () => {
    const value = JSON.stringify([{ content: LONG }, { content: 'and then' }]).slice(0, -12);
    const folded = foldText(value, references);
    expect(folded.length).toBeLessThan(value.length / 2);
    expect(unfoldText(folded, references)).toBe(value);
  });
});

describe('unfoldText', () => {
  const text = fc.string({ unit: 'binary', minLength: 0, maxLength: 80 });
  const wrap = fc.constantFrom<(value: string) => string>(
    (value) => value,
    (value) => JSON.stringify(value),
    (value) => JSON.stringify({ deep: JSON.stringify([value, 'x']) }),
    (value) => `{"a": ${ascii(value)}`,
    (value) => `\uE000${value}\uE001 0ji0.0`,
  );

  test('gives back any value to the letter', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(4), wrap), { maxLength: 5 }),
        text,
        (texts, uses, other) => {
          const own = referencesOf({
            i: texts.map((content) => said(content.padEnd(32, '.'))),
            o: [],
            s: [said(other)],
          });
          const value = uses
            .map(([index, use]) => use((texts[index] ?? other).padEnd(32, '.')))
            .join(other);
          expect(unfoldText(foldText(value, own), own)).toBe(value);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
