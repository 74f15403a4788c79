/** A stretch of a text; a settled one says the same wherever it stands. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Text between two quotation marks, long enough to be remembered by its digest. */
  readonly isSettled: boolean;
}

/** Below this, looking costs no more than remembering. */
const MIN_LENGTH = 256;

/** What begins like this may be numbers between two strings of JSON. */
const STRUCTURE = /^\s*[:,{}[\]]/;

function withoutBackslashes(source: string, start: number, end: number): number {
  let last = end;
  while (last > start && source.charCodeAt(last - 1) === 92) last -= 1;
  return last;
}

/**
 * Cuts a text at its quotation marks. A history that is sent again has the same long texts in it, and
 * little that is new between them.
 */
export function* piecesOf(source: string): Generator<Piece> {
  let rest = 0;
  let start = 0;
  while (start < source.length) {
    const quote = source.indexOf('"', start);
    const border = quote === -1 ? source.length : quote;
    if (border - start >= MIN_LENGTH) {
      const end = withoutBackslashes(source, start, border);
      if (end - start >= MIN_LENGTH && !STRUCTURE.test(source.slice(start, start + MIN_LENGTH))) {
        if (start > rest) yield { start: rest, end: start, isSettled: false };
        yield { start, end, isSettled: true };
        rest = end;
      }
    }
    start = border + 1;
  }
  if (source.length > rest) yield { start: rest, end: source.length, isSettled: false };
}
