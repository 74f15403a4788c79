import { below, oneIn, pick, type Random } from './random.js';

const deep = (opening: string, closing: string, depth: number): string =>
  opening.repeat(depth) + closing.repeat(depth);

/** Texts that parsers and stores stumble over. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  '\u0001\u001f\u007f\u0085',
  '\ud800',
  'x\udc00y',
  '\ufeff{}',
  '\u202e\u2066',
  '👩‍👩‍👧',
  '\ue000\ue001',
  '\ue0001ji0.0\ue001',
  '\ue0009ao9.9\ue001',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '-Infinity',
  '1e999',
  '-0',
  '9'.repeat(400),
  '0x10',
  '2026-13-45T99:99:99Z',
  "'; DROP TABLE threads; --",
  '[]',
  '{}',
  '[null]',
  '{"role":"user"}',
  '[{"role":"__proto__","content":null}]',
  '[{"role":{"a":1},"content":[[]],"parts":"x","tool_calls":{"length":9}}]',
  '[{"role":"assistant","tool_calls":[null,1,{"function":{"arguments":"{"}}]}]',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '{"messages":[[{"kwargs":{"content":{"__proto__":1}}}]]}',
  "{'role': 'user', 'content': 'x",
  "[TextBlock(text='x', type=",
  'data:image/png;base64,====',
  'data:;,%',
  deep('[', ']', 100),
  deep('{"content":', '}', 100),
  '[{"role":"user","content":'.repeat(100),
  '\\'.repeat(1_001),
  '"'.repeat(1_001),
];

/** Of many characters of one kind, which slow patterns go over again and again. */
const REPEATED: readonly string[] = [
  ' ',
  'a',
  '\n',
  '"',
  '\\',
  '[',
  '{"a":',
  '=',
  '\u0001',
  '\ue000',
  "{'a': ",
  'Message(role=',
  '<a>',
  '\ud83d',
  'é',
];

const LONG = 20_000;
const GIANT = 10_000_000;

/** How seldom a text is long, and how seldom a long one is of 10 MB. */
const LONG_ODDS = 60;
const GIANT_ODDS = 100;

const giantText = (random: Random, length: number): string => {
  const unit = pick(random, REPEATED);
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
};

export function hostileText(random: Random): string {
  if (!oneIn(random, LONG_ODDS)) return pick(random, TEXTS);
  return giantText(random, oneIn(random, GIANT_ODDS) ? GIANT : 1 + below(random, LONG));
}

/** Keys that reach into what all objects share. */
export const HOSTILE_KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  '',
  'toJSON',
  'then',
];

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  -0,
  0.1,
  2 ** 31,
  2 ** 32,
  2 ** 53 + 2,
  2 ** 63,
  2 ** 64,
  -(2 ** 63),
  1e308,
  5e-324,
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775809',
  [],
  {},
  [[]],
  [null],
  { stringValue: 1 },
  { intValue: '1e3' },
  { arrayValue: { values: [null, {}] } },
  { kvlistValue: { values: [{ key: '__proto__', value: { stringValue: 'x' } }] } },
  { bytesValue: '====' },
];

const MAX_DEPTH = 150;

/** A value of OTLP JSON in lists in lists. */
function nested(random: Random): unknown {
  let value: unknown = { stringValue: 'deep' };
  for (let depth = below(random, MAX_DEPTH); depth > 0; depth -= 1)
    value = random() < 0.5 ? { arrayValue: { values: [value] } } : [value];
  return value;
}

export function hostileValue(random: Random): unknown {
  if (oneIn(random, 10)) return nested(random);
  return random() < 0.5 ? pick(random, VALUES) : hostileText(random);
}
