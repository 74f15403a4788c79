import type { Unescaped } from './unescape.js';

const STRUCTURE = /^\s*[:,{}[\]](?:[\s\d.,:eE+{}[\]-]|true|false|null)*$/;

const NUMBER = /^-?\d[\d.eE+-]*$/;

/** How far a quotation mark is looked for. */
const REACH = 10_000;

/**
 * How many backslashes a quotation mark has for its own depth: one less than a power of two. Those before
 * it may also be the end of a text that ends in backslashes, each of which takes twice as many.
 */
function depthOf(backslashes: number): number {
  const next = backslashes + 1;
  return (next & -next) - 1;
}

/**
 * The quotation mark that a text takes which stands where a number of JSON stood, escaped as deep as
 * that JSON is nested; empty where no such number was.
 */
export function quoteFor(
  source: string,
  { text, sourceOf }: Unescaped,
  start: number,
  end: number,
): string {
  if (!NUMBER.test(text.slice(start, end))) return '';
  const before = start === 0 ? -1 : text.lastIndexOf('"', start - 1);
  const after = text.indexOf('"', end);
  const segmentEnd = after === -1 ? text.length : after;
  if (segmentEnd - before > REACH) return '';
  const isNumber =
    /[:[,]\s*$/.test(text.slice(before + 1, start)) &&
    /^\s*(?:[,}\]]|$)/.test(text.slice(end, segmentEnd));
  const segment = text.slice(before + 1, segmentEnd);
  if (!isNumber || !STRUCTURE.test(segment)) return '';
  const begins = /^\s*[{[]/.test(segment);
  if (before === -1) return begins ? '"' : '';
  const depth = depthOf(source.slice(sourceOf(before), sourceOf(before + 1)).lastIndexOf('\\') + 1);
  // What begins anew behind a quotation mark is JSON within a string: one level deeper.
  return `${'\\'.repeat(begins ? 2 * depth + 1 : depth)}"`;
}
