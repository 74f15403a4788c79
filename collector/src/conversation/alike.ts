/** Texts are long, and the beginning tells them apart. */
const MAX_COMPARED = 4_000;
/** Texts that share this much are the same but for what changes in them: a date, a name. */
const MIN_SHARE = 0.5;

/** A text made ready for comparison. */
export interface Comparable {
  readonly text: string;
  readonly words: ReadonlySet<string>;
}

/** Words without digits; a date has few of them. */
export function createComparable(whole: string): Comparable {
  const text = whole.slice(0, MAX_COMPARED);
  return { text, words: new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu)) };
}

export function sharedStart(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}

function sharedEnd(a: string, b: string, from: number): number {
  const end = Math.min(a.length, b.length) - from;
  let length = 0;
  while (length < end && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}

/** True for one text in two versions. Languages without spaces are compared by their ends alone. */
export function isAlike(a: Comparable, b: Comparable): boolean {
  const start = sharedStart(a.text, b.text);
  const ends = start + sharedEnd(a.text, b.text, start);
  if (ends > MIN_SHARE * Math.max(a.text.length, b.text.length)) return true;
  const common = [...a.words].filter((word) => b.words.has(word)).length;
  return common > MIN_SHARE * (a.words.size + b.words.size - common);
}
