/** What a search asks for: every one of it, in any order. Lower case. */
export interface SearchTerms {
  /** Whole words. */
  readonly words: readonly string[];
  /** Texts to the letter: quoted ones, and words with other characters in them. */
  readonly phrases: readonly string[];
  /** Parts of words, where a script sets no spaces between them. */
  readonly parts: readonly string[];
}

/** ClickHouse's `splitByNonAlpha`: letters and digits of ASCII, and all that is beyond it. */
const WORD = /[a-z0-9\u0080-\u{10ffff}]+/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** A quoted text, closed or not, or what stands between spaces. */
const TERM = /"([^"]*)"?|[^\s"]+/g;

/** Reads what a user typed. Pure. */
export function readSearchTerms(search: string): SearchTerms {
  const words = new Set<string>();
  const phrases = new Set<string>();
  const parts = new Set<string>();
  for (const [whole, quoted] of search.toLowerCase().matchAll(TERM)) {
    const term = (quoted ?? whole).trim();
    if (term === '') continue;
    const tokens = term.match(WORD) ?? [];
    for (const token of tokens) (UNSPACED.test(token) ? parts : words).add(token);
    if (tokens.length !== 1 || tokens[0] !== term) phrases.add(term);
  }
  return { words: [...words], phrases: [...phrases], parts: [...parts] };
}

/** Characters of an excerpt, and of those before the first term. */
const EXCERPT = 240;
const EXCERPT_BEFORE = 80;

/** A text around the first term, where it has all of them; else `undefined`. Pure. */
export function excerptOf(
  text: string,
  { words, phrases, parts }: SearchTerms,
): string | undefined {
  const lower = text.toLowerCase();
  const tokens = new Set(lower.match(WORD));
  const hasAll =
    words.every((word) => tokens.has(word)) &&
    [...phrases, ...parts].every((term) => lower.includes(term));
  if (!hasAll) return undefined;
  const [first = ''] = [...phrases, ...words, ...parts];
  const before = Array.from(lower.slice(0, lower.indexOf(first))).length;
  const start = Math.max(0, before - EXCERPT_BEFORE);
  return Array.from(text)
    .slice(start, start + EXCERPT)
    .join('');
}
