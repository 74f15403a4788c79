import type { Json, MaskingSettings } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewrite } from './rewrite.js';
import { TextMasker, type Style } from './text-masker.js';

const settings = (changes: Partial<MaskingSettings> = {}): MaskingSettings => ({
  detectors: ['key', 'email', 'iban', 'card', 'phone', 'ip'],
  patterns: [
    { name: 'customer', pattern: String.raw`\bK-\d{6}\b` },
    { name: 'word', pattern: '(?i)hush[a-z ]*' },
  ],
  replacement: 'pseudonym',
  ids: 'keep',
  ...changes,
});
const masker = new TextMasker(settings(), 'a secret');
const mask = (text: string, style?: Style): string => rewrite(text, masker.find(text, style));

const SECRETS = [
  'joe@example.com',
  'ann.müller@büro.example',
  '+49 170 1234567',
  '(555) 123-4567',
  '4111 1111 1111 1111',
  '4111111111111111',
  'DE89 3704 0044 0532 0130 00',
  ['sk-', 'proj-abcDEF1234567890'].join(''),
  ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  '192.168.0.17',
  'K-123456',
];

const filler = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.stringMatching(/^[a-z \\"'{}[\]:,\n\t/@.+0-9-]{0,40}$/),
  fc.constantFrom('\\n', '\\u0040', '\\', '"', '\\"', '{"a": "', '"}', ' and then ', '\\\\n'),
);
const longFiller = fc.integer({ min: 1, max: 40 }).map((count) => 'words go on '.repeat(count));
const text = fc
  .array(fc.oneof(filler, longFiller), { maxLength: 8 })
  .map((parts) => parts.join(''));

/** Secrets in sentences: what stands right beside them does not run into them. */
const planted = fc
  .array(fc.tuple(text, fc.constantFrom(...SECRETS)), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([before, secret]) => `${before} ; ${secret} ; `).join(''));

const json: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    planted,
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, null, 4_111_111_111_111_111),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('to', 'from'), filler), tie('value'), { maxKeys: 4 }),
    tie('value').map((value) => JSON.stringify(value)),
  ),
})).value as fc.Arbitrary<Json>;

/** All texts of a value, those of JSON within its texts too. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') {
    try {
      const inner = JSON.parse(value) as Json;
      if (typeof inner === 'object' && inner !== null) return textsOf(inner);
    } catch {
      return [value];
    }
    return [value];
  }
  if (value === null || typeof value !== 'object') return [String(value)];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)]);
}

/** Lists, maps and their sizes, without what is in them. */
function shapeOf(value: Json): unknown {
  if (value === null || typeof value !== 'object') return '';
  if (Array.isArray(value)) return value.map((item: Json) => shapeOf(item));
  return Object.values(value).map((item) => shapeOf(item));
}

const leaks = (value: Json): readonly string[] =>
  SECRETS.filter((secret) => textsOf(value).some((found) => found.includes(secret)));

describe('whatever a text is', () => {
  test('no secret stays in it', () => {
    fc.assert(
      fc.property(planted, (source) => {
        expect(leaks(mask(source))).toEqual([]);
      }),
    );
  });

  test('no secret stays in JSON, which stays JSON of the same shape', () => {
    fc.assert(
      fc.property(fc.array(json), fc.constantFrom(undefined, 2), (value, indent) => {
        const masked = JSON.parse(mask(JSON.stringify(value, undefined, indent))) as Json;
        expect(leaks(masked)).toEqual([]);
        expect(shapeOf(masked)).toEqual(shapeOf(value));
      }),
      { numRuns: 500 },
    );
  });

  test('it is masked the same alone and in JSON, however deep', () => {
    fc.assert(
      fc.property(fc.oneof(planted, text), fc.integer({ min: 1, max: 3 }), (source, depth) => {
        let wrapped = source;
        for (let level = 0; level < depth; level += 1) wrapped = JSON.stringify([wrapped, 'b']);
        let unwrapped = mask(wrapped);
        for (let level = 0; level < depth; level += 1)
          [unwrapped] = JSON.parse(unwrapped) as [string];
        expect(unwrapped).toBe(mask(source));
      }),
      { numRuns: 500 },
    );
  });

  test('masked again, it stays as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(planted, text),
        fc.constantFrom('pseudonym', 'label'),
        (source, style) => {
          const once = mask(source, style);
          expect(mask(once, style)).toBe(once);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('remembering changes nothing', () => {
    const fresh = (source: string): string =>
      rewrite(source, new TextMasker(settings(), 'a secret').find(source));
    fc.assert(
      fc.property(fc.oneof(planted, text), (source) => {
        expect(mask(source)).toBe(fresh(source));
        expect(mask(source)).toBe(fresh(source));
      }),
    );
  });
});

test('gives a text without secrets back as it came', () => {
  const source = 'nothing to see, "quoted" \\n at 10:30';
  expect(masker.find(source)).toEqual([]);
  expect(mask(source)).toBe(source);
});

test('gives the same value the same pseudonym, however it is written', () => {
  const [a, b] = [mask('joe@example.com'), mask('Mail Joe@Example.com or joe%40example.com')];
  expect(a).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
  expect(b).toBe(`Mail ${a} or ${a}`);
  expect(mask('DE89370400440532013000')).toBe(mask('DE89 3704 0044 0532 0130 00'));
  const other = new TextMasker(settings(), 'another secret');
  expect(other.find('joe@example.com')[0]?.token).not.toBe(a);
});

test('reads escapes of JSON, Python and .NET', () => {
  const style: Style = 'label';
  expect(mask(String.raw`{"a":"joe\u0040example.com"}`, style)).toBe('{"a":"[EMAIL]"}');
  expect(mask(String.raw`{"a":"\u002B49 170 1234567"}`, style)).toBe('{"a":"[PHONE]"}');
  expect(mask(String.raw`{"a":"030\/1234567"}`, style)).toBe('{"a":"[PHONE]"}');
  expect(mask(String.raw`{"a":"so:\njoe@example.com"}`, style)).toBe(
    String.raw`{"a":"so:\n[EMAIL]"}`,
  );
  expect(mask(String.raw`{'a': 'm\xfcller@example.com'}`, style)).toBe(`{'a': '[EMAIL]'}`);
});

test('masks a number of JSON as a text, as deep as it is nested', () => {
  const card = 4_111_111_111_111_111;
  const nested = JSON.stringify({ a: JSON.stringify({ b: [1, card], c: JSON.stringify([card]) }) });
  expect(mask(nested, 'label')).toBe(
    JSON.stringify({ a: JSON.stringify({ b: [1, '[CARD]'], c: JSON.stringify(['[CARD]']) }) }),
  );
});

test('keeps patterns within one text of JSON', () => {
  const greedy = new TextMasker(
    settings({ patterns: [{ name: 'word', pattern: 'pass.*' }], replacement: 'label' }),
    '',
  );
  const source = '{"a":"the password: x","b":"c, pass"}';
  expect(rewrite(source, greedy.find(source))).toBe('{"a":"the [WORD]","b":"c, [WORD]"}');
});
