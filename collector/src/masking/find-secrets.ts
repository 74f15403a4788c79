import type { Detector } from './detectors.js';
import type { Pattern } from './patterns.js';

/** A stretch of text that must not be kept. */
export interface Secret {
  /** The detector or pattern that found it. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a project looks for, by name. */
export interface Finders {
  readonly detectors: ReadonlyMap<string, Detector>;
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** What stands where something was masked already. */
  readonly tokens: RegExp;
}

/** A run of letters that long, without a break, is bytes in base64 and no text. */
const BYTES_LENGTH = 256;
const isByteLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 47 && code <= 57) ||
  code === 43 ||
  code === 45 ||
  code === 95;

/** Whether what was found lies in the midst of bytes, where chance writes numbers and keys. */
function isInBytes(text: string, start: number, end: number): boolean {
  let left = start;
  while (left > 0 && start - left < BYTES_LENGTH && isByteLetter(text.charCodeAt(left - 1)))
    left -= 1;
  let right = end;
  while (
    right < text.length &&
    start - left + right - end < BYTES_LENGTH &&
    isByteLetter(text.charCodeAt(right))
  )
    right += 1;
  return start - left + right - end >= BYTES_LENGTH;
}

/** What looks like something but is not is stepped over; a long one holds nothing else. */
const LONGEST_LOOK_ALIKE = 64;

function* detect(text: string, name: string, detector: Detector): Generator<Secret> {
  const pattern = new RegExp(detector.pattern);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match;
    const length = detector.accept(found);
    const end = match.index + length;
    if (length > 0 && !isInBytes(text, match.index, end)) {
      yield { name, start: match.index, end };
      pattern.lastIndex = end;
    } else if (found.length <= LONGEST_LOOK_ALIKE) {
      pattern.lastIndex = match.index + 1;
    }
  }
}

/** Bytes, of which patterns need not be searched. */
const BYTES = String.raw`(?<![\w+/-])[\w+/-]{${BYTES_LENGTH},}`;

/** Patterns of the project's own see one line at a time, and no further than a quotation mark. */
function* segmentsOf(text: string, tokens: RegExp): Generator<readonly [number, number]> {
  const borders = new RegExp(`["\\n]|${BYTES}|${tokens.source}`, 'g');
  let start = 0;
  for (const { 0: border, index } of text.matchAll(borders)) {
    if (index > start) yield [start, index];
    start = index + border.length;
  }
  if (start < text.length) yield [start, text.length];
}

/** The punctuation and numbers of JSON between two of its strings. */
const STRUCTURE = /^\s*[:,{}[\]](?:[\s\d.,:eE+{}[\]-]|true|false|null)*$/;
const NUMBER = /-?\d[\d.eE+-]*/g;

/** A number of JSON is masked where a pattern matches all of it. */
function* matchNumbers({ patterns }: Finders, text: string, offset: number): Generator<Secret> {
  for (const { 0: number, index } of text.matchAll(NUMBER))
    for (const [name, pattern] of patterns) {
      const [start, end] = pattern.find(number)[0] ?? [];
      if (start === 0 && end === number.length)
        yield { name, start: offset + index, end: offset + index + end };
    }
}

function* findPatterns(finders: Finders, text: string): Generator<Secret> {
  const { patterns, tokens } = finders;
  for (const [start, end] of segmentsOf(text, tokens)) {
    const segment = text.slice(start, end);
    if (STRUCTURE.test(segment)) {
      yield* matchNumbers(finders, segment, start);
      continue;
    }
    for (const [name, pattern] of patterns)
      for (const [from, to] of pattern.find(segment))
        if (!isInBytes(text, start + from, start + to))
          yield { name, start: start + from, end: start + to };
  }
}

/** What overlaps becomes one, named after the longest: nothing that was found may stay in part. */
function merge(secrets: readonly Secret[]): readonly Secret[] {
  const merged: Secret[] = [];
  const lengths: number[] = [];
  for (const secret of secrets.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    const length = secret.end - secret.start;
    if (last === undefined || secret.start >= last.end) {
      merged.push(secret);
      lengths.push(length);
      continue;
    }
    const isLonger = length > (lengths.at(-1) ?? 0);
    const end = Math.max(last.end, secret.end);
    merged[merged.length - 1] = { name: (isLonger ? secret : last).name, start: last.start, end };
    if (isLonger) lengths[lengths.length - 1] = length;
  }
  return merged;
}

/**
 * Finds all that a project wants masked, in order and apart. Pure.
 *
 * @param text - without escapes; see `unescape.ts`
 */
export function findSecrets(finders: Finders, text: string): readonly Secret[] {
  const found: Secret[] = finders.patterns.size === 0 ? [] : [...findPatterns(finders, text)];
  for (const [name, detector] of finders.detectors)
    if (detector.hint(text)) found.push(...detect(text, name, detector));
  return found.length < 2 ? found : merge(found);
}
