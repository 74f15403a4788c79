/** From 16 digits on, an integer may lie beyond 2^53, where a JavaScript number rounds it. */
const LONG_INTEGER = /(?<=[:,[\s])-?\d{16,}(?=[\s,}\]])/g;
const MAY_HOLD_ONE = /[:,[\s]-?\d{16}/;

/**
 * Puts quotes around long integers in a JSON text, so that `JSON.parse` keeps all digits of a
 * time or an `intValue` that its sender wrote as a number; OTLP allows both forms.
 * The contents of strings stay as they are.
 */
export function quoteLongIntegers(json: string): string {
  if (!MAY_HOLD_ONE.test(json)) return json;
  const parts: string[] = [];
  let position = 0;
  while (position < json.length) {
    const opening = json.indexOf('"', position);
    const end = opening === -1 ? json.length : opening;
    parts.push(json.slice(position, end).replace(LONG_INTEGER, '"$&"'));
    position = opening === -1 ? end : endOfString(json, opening);
    parts.push(json.slice(end, position));
  }
  return parts.join('');
}

/** Index after the quote that closes the string opened at `opening`. */
function endOfString(json: string, opening: number): number {
  let closing = json.indexOf('"', opening + 1);
  while (closing !== -1 && isEscaped(json, closing)) closing = json.indexOf('"', closing + 1);
  return closing === -1 ? json.length : closing + 1;
}

function isEscaped(json: string, index: number): boolean {
  let backslashes = 0;
  while (json[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
