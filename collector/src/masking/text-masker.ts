import { createHmac } from 'node:crypto';
import { DETECTOR_NAMES, type MaskingSettings } from '@colloquy/schema';
import { digest } from '../digest.js';
import { DETECTORS } from './detectors.js';
import { findSecrets, type Finders, type Secret } from './find-secrets.js';
import { quoteFor } from './json-numbers.js';
import { compilePattern } from './patterns.js';
import { piecesOf } from './pieces.js';
import { unescape, type Unescaped } from './unescape.js';

/** 48 bits: of a million values, two have the same pseudonym in one project of five hundred. */
const PSEUDONYM_DIGITS = 12;

const NO_PATTERNS: Finders['patterns'] = new Map();

/** Fourteen digits; of what is built in, only cards are written as one number. */
const SMALLEST_CARD = 1e13;

/** A stretch of a text, and what is to stand there. */
export interface Replacement extends Secret {
  readonly token: string;
}

/** What was found in texts seen before. */
export interface Remembered {
  get(key: string): readonly Replacement[] | undefined;
  set(key: string, found: readonly Replacement[]): void;
}

export type Style = MaskingSettings['replacement'];

function compile({ detectors, patterns }: MaskingSettings): Finders {
  const names = [...DETECTOR_NAMES, ...patterns.map(({ name }) => name)];
  const labels = names.map((name) => name.toUpperCase()).join('|');
  const chosen = DETECTOR_NAMES.filter((name) => detectors.includes(name));
  return {
    detectors: new Map(chosen.map((name) => [name, DETECTORS[name]])),
    patterns: new Map(patterns.map(({ name, pattern }) => [name, compilePattern(pattern)])),
    tokens: new RegExp(`\\[(?:${labels})(?:_[0-9a-f]{${PSEUDONYM_DIGITS}})?\\]`),
  };
}

/** Takes secrets out of texts. The same text always comes out the same, wherever it stands. */
export class TextMasker {
  readonly #finders: Finders;
  readonly #style: Style;
  readonly #secret: string;
  readonly #remembered: Remembered;

  /**
   * @param secret - what pseudonyms are made with; who knows it can guess values
   * @param remembered - for these settings and this secret alone
   */
  constructor(settings: MaskingSettings, secret: string, remembered: Remembered = new Map()) {
    this.#finders = compile(settings);
    this.#style = settings.replacement;
    this.#secret = secret;
    this.#remembered = remembered;
  }

  /** What is to be replaced in a text, in order. */
  find(source: string, style = this.#style): readonly Replacement[] {
    const found: Replacement[] = [];
    for (const { start, end, isSettled } of piecesOf(source)) {
      const piece = source.slice(start, end);
      const within = isSettled ? this.#recall(piece, style) : this.#look(piece, style);
      for (const replacement of within)
        found.push({
          ...replacement,
          start: start + replacement.start,
          end: start + replacement.end,
        });
    }
    return found;
  }

  /**
   * What is to stand in the place of a number; `undefined` where it may stay.
   *
   * @param finders - whether patterns of the project's own are asked too
   */
  findNumber(value: bigint | number, finders: 'any' | 'known'): Replacement | undefined {
    const { detectors, tokens } = this.#finders;
    const patterns = finders === 'any' ? this.#finders.patterns : NO_PATTERNS;
    if (patterns.size === 0 && value < SMALLEST_CARD) return undefined;
    const digits = String(value);
    const [secret] = findSecrets({ detectors, patterns, tokens }, digits);
    if (secret === undefined || secret.end - secret.start < digits.length) return undefined;
    return { ...secret, token: this.#token(secret.name, digits, this.#style) };
  }

  #recall(piece: string, style: Style): readonly Replacement[] {
    const key = `${style}/${digest(piece)}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const found = this.#look(piece, style);
    this.#remembered.set(key, found);
    return found;
  }

  #look(piece: string, style: Style): readonly Replacement[] {
    const unescaped = unescape(piece);
    return findSecrets(this.#finders, unescaped.text).map((secret) =>
      this.#replace(piece, unescaped, secret, style),
    );
  }

  #replace(
    piece: string,
    unescaped: Unescaped,
    { name, start, end }: Secret,
    style: Style,
  ): Replacement {
    const { text, sourceOf } = unescaped;
    const value = text.slice(start, end);
    const quote = quoteFor(piece, unescaped, start, end);
    const token = quote + this.#token(name, value, style) + quote;
    return { name, start: sourceOf(start), end: sourceOf(end), token };
  }

  #token(name: string, value: string, style: Style): string {
    const label = name.toUpperCase();
    if (style === 'label') return `[${label}]`;
    const spelt = this.#finders.detectors.get(name)?.spell(value) ?? value;
    const pseudonym = createHmac('sha256', this.#secret).update(`${name}\0${spelt}`).digest('hex');
    return `[${label}_${pseudonym.slice(0, PSEUDONYM_DIGITS)}]`;
  }
}
