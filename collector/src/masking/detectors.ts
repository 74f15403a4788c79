import { isIP } from 'node:net';
import type { DetectorName } from '@colloquy/schema';
import { IBAN_LENGTHS, isCard, isIban } from './checksums.js';
import { KEY_HINT, KEY_PATTERN } from './keys.js';
import { acceptPhone, PHONE_PATTERN } from './phones.js';

/** One kind of thing that is masked wherever it stands. */
export interface Detector {
  /** Finds what looks like it; global, and never across a quotation mark, so that JSON stays JSON. */
  readonly pattern: RegExp;
  /** Whether a text may hold one at all: what most texts are told by, so it has to be quick. */
  readonly hint: (text: string) => boolean;
  /** How much of what was found is one, from its beginning; 0 when it only looks like it. */
  readonly accept: (found: string) => number;
  /** The one spelling of what can be written in several ways, for its pseudonym. */
  readonly spell: (value: string) => string;
}

/** Spaces and dashes as people and models write them within numbers. */
const GAP = String.raw`[ \u00A0\u2009\u202F\u2010-\u2015-]`;

/** Letters with which addresses are written. Not those of scripts without spaces: they would be swallowed. */
const LETTER = String.raw`A-Za-z\u00C0-\u02AF\u0370-\u052F`;

const EMAIL = new RegExp(
  String.raw`(?<![\w${LETTER}])[\w${LETTER}][\w${LETTER}.%+-]{0,63}(?:@|%40)(?:[\d${LETTER}][\d${LETTER}-]{0,62}\.){1,8}(?:xn--[a-z\d-]{2,59}|[${LETTER}]{2,24})`,
  'g',
);

/** `logo@2x.png`: a picture for fine screens. */
const PICTURE = /@\dx\.(?:png|jpe?g|gif|webp|avif|svg)$/i;

const CARD = new RegExp(
  String.raw`(?<!\w|\d[.+-])\d{4}(?:(${GAP}?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|(${GAP}?)\d{6}\2\d{4,5})(?!\w|[.-]\d)`,
  'g',
);

const IBAN = /(?<![A-Za-z0-9_])[A-Za-z]{2}\d{2}(?:[ \u00A0\u202F-]?[A-Za-z0-9]){11,30}/g;

const IP =
  /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)|(?<![\w:.])(?:[\dA-Fa-f]{0,4}:){2,7}[\dA-Fa-f]{0,4}(?![\w:])/g;

/** Seven digits or more, with little between them. */
const DIGITS = /\d(?:[^\w"]{0,3}\d){6}/;

const hasDigits = (text: string): boolean => DIGITS.test(text);

const withoutGaps = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '');

/** An IBAN is as long as its country says; words that follow belong to it no more. */
function acceptIban(found: string): number {
  const length = IBAN_LENGTHS.get(found.slice(0, 2).toUpperCase());
  if (length === undefined) return 0;
  let end = 0;
  let compact = '';
  while (compact.length < length && end < found.length) {
    const letter = found.charAt(end);
    if (/[A-Za-z0-9]/.test(letter)) compact += letter.toUpperCase();
    end += 1;
  }
  const isWhole = compact.length === length && !/^[A-Za-z0-9]/.test(found.slice(end));
  return isWhole && isIban(compact) ? end : 0;
}

const all =
  (isOne: (found: string) => boolean) =>
  (found: string): number =>
    isOne(found) ? found.length : 0;

/** What comes built in; of two that claim the same stretch of text, the one named first has it. */
export const DETECTORS: Readonly<Record<DetectorName, Detector>> = {
  key: {
    pattern: KEY_PATTERN,
    hint: (text) => KEY_HINT.test(text),
    // A key has digits; `sk-folding-cube-wrapper` is a class of a style sheet.
    accept: all((found) => /\d/.test(found)),
    spell: (value) => value,
  },
  email: {
    pattern: EMAIL,
    hint: (text) => text.includes('@') || text.includes('%40'),
    accept: all((found) => !PICTURE.test(found)),
    spell: (value) => value.replace('%40', '@').toLowerCase(),
  },
  iban: {
    pattern: IBAN,
    hint: hasDigits,
    accept: acceptIban,
    spell: (value) => withoutGaps(value).toUpperCase(),
  },
  card: {
    pattern: CARD,
    hint: hasDigits,
    accept: all((found) => isCard(withoutGaps(found))),
    spell: withoutGaps,
  },
  phone: {
    pattern: PHONE_PATTERN,
    hint: hasDigits,
    accept: acceptPhone,
    spell: (value) => (value.startsWith('+') ? '+' : '') + withoutGaps(value),
  },
  ip: {
    pattern: IP,
    hint: (text) => text.includes('.') || text.includes(':'),
    accept: all((found) => found.length > 5 && isIP(found) !== 0),
    spell: (value) => value.toLowerCase(),
  },
};
