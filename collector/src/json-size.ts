const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Objects, lists and keys: what takes memory beside the texts. */
const OPENINGS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x3a]);

/** Index of the quote that closes the string opened at `opening`, or the end of the text. */
function endOfString(text: string, opening: number): number {
  let index = opening + 1;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) break;
    if (code === BACKSLASH) index += 1;
  }
  return index;
}

/**
 * Whether a JSON text holds more objects, lists and keys than that. Parsed, each takes tens of bytes and may
 * stand for two, so this has to be known before.
 */
export function hasMoreValues(text: string, max: number): boolean {
  // Each takes two characters at the least.
  if (text.length <= 2 * max) return false;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (OPENINGS.has(code)) count += 1;
    if (count > max) return true;
  }
  return false;
}
