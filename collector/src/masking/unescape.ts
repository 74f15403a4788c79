/** A text without its escapes, and where each place of it stands in the text as it came. */
export interface Unescaped {
  readonly text: string;
  /** The place in the text as it came, of a place in `text`. */
  readonly sourceOf: (index: number) => number;
}

/** Backslashes, and what they escape in JSON, JavaScript and Python. */
const ESCAPE = /\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtbfv"'/])?/g;

const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
};

function meaningOf(escape: string): string {
  const code = escape.slice(escape.lastIndexOf('\\') + 1);
  if (code === '') return '\\';
  if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return CONTROLS[code] ?? code;
}

/** The last of the places that is not after `index`. */
function lastBefore(places: readonly number[], index: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Reads all escapes of a text, however deep they are nested: a run of backslashes counts as one. What
 * comes out is therefore the same, whether a text stands alone, in JSON, or in JSON within JSON; that is
 * why a secret is found, and masked alike, in all of them.
 */
export function unescape(source: string): Unescaped {
  if (!source.includes('\\')) return { text: source, sourceOf: (index) => index };
  const pieces: string[] = [];
  // Where stretches without escapes begin: in the text that comes out, and in the source.
  const starts: number[] = [0];
  const sources: number[] = [0];
  let length = 0;
  let end = 0;
  for (const { 0: escape, index } of source.matchAll(ESCAPE)) {
    const plain = source.slice(end, index);
    pieces.push(plain, meaningOf(escape));
    length += plain.length;
    end = index + escape.length;
    starts.push(length, length + 1);
    sources.push(index, end);
    length += 1;
  }
  pieces.push(source.slice(end));
  const sourceOf = (index: number): number => {
    const at = lastBefore(starts, index);
    return (sources[at] ?? 0) + index - (starts[at] ?? 0);
  };
  return { text: pieces.join(''), sourceOf };
}
