import { RE2JS } from 're2js';

/** A pattern of the project's own. */
export interface Pattern {
  /** Where it matches, in order and apart. */
  readonly find: (text: string) => readonly (readonly [start: number, end: number])[];
}

/** Steps of a compiled pattern; what it costs at the worst grows with them. */
const MAX_STEPS = 600;

/**
 * How far beyond its beginning a match is looked for. To find all matches takes any engine time in
 * proportion to their number times this; without a bound that would be the square of the text's length.
 */
const REACH = 250;

function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(reason.replace('error parsing regexp: ', ''), { cause: error });
  }
}

/**
 * Says why a pattern cannot be taken; `undefined` where it can.
 *
 * @param pattern - as RE2 takes it: no look-around and no back-references, hence linear time
 */
export function findFault(pattern: string): string | undefined {
  if (pattern.includes('"')) return 'texts are read between quotation marks, so it finds none.';
  try {
    const compiled = compileRe2(pattern);
    if (compiled.testExact('')) return 'it matches nothing at all.';
    if (compiled.programSize() > MAX_STEPS) return 'it is too large; repeat fewer times.';
    return undefined;
  } catch (error) {
    return error instanceof TypeError ? `${error.message}.` : 'it cannot be read.';
  }
}

type Range = readonly [start: number, end: number];

interface Window {
  readonly range: Range | undefined;
  /** Whether no match begins any further. */
  readonly isLast: boolean;
}

/** The first match that begins in the window from `from`; one that reaches the window's end may go on. */
function findFirst(compiled: RE2JS, text: string, from: number): Window {
  // One letter more, by which a border of words is told.
  const base = Math.max(0, from - 1);
  for (let reach = 2 * REACH; ; reach *= 2) {
    const end = Math.min(text.length, from + reach);
    const isLast = end === text.length;
    const matcher = compiled.matcher(text.slice(base, end));
    if (!matcher.find(from - base)) return { range: undefined, isLast };
    const range: Range = [base + matcher.start(), base + matcher.end()];
    if (isLast || range[1] < end) return { range, isLast };
  }
}

/** Searches of a whole line that one line may take; most lines hold no match, and one tells so. */
const FREE_SEARCHES = 20;

/** Compiles a pattern that {@link findFault} found to be right. */
export function compilePattern(pattern: string): Pattern {
  const compiled = compileRe2(pattern);
  return {
    find: (text) => {
      const found: Range[] = [];
      let from = 0;
      const take = (range: Range): void => {
        if (range[1] > range[0]) found.push(range);
        from = Math.max(range[1], range[0] + 1);
      };
      const matcher = compiled.matcher(text);
      for (let searches = 0; searches < FREE_SEARCHES; searches += 1) {
        if (from > text.length || !matcher.find(from)) return found;
        take([matcher.start(), matcher.end()]);
      }
      while (from < text.length) {
        const { range, isLast } = findFirst(compiled, text, from);
        if (range !== undefined && (isLast || range[0] < from + REACH)) take(range);
        else if (isLast) break;
        else from += REACH;
      }
      return found;
    },
  };
}
