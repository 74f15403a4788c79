import type { Replacement } from './text-masker.js';

function replaceAll(source: string, replacements: readonly Replacement[]): string {
  let masked = '';
  let end = 0;
  for (const found of replacements) {
    masked += source.slice(end, found.start) + found.token;
    end = found.end;
  }
  return masked + source.slice(end);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Numbers become texts; where that would do harm, plain words; and where that would, another number. */
const SPELLINGS: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => token.replaceAll(/\\*"/g, ''),
  (token) => (token.endsWith('"') ? '0' : token),
];

/**
 * The text with the replacements in it; the very same string where there are none. A list of numbers in
 * plain words may look like JSON, and JSON stays JSON in any case.
 */
export function rewrite(source: string, replacements: readonly Replacement[]): string {
  if (replacements.length === 0) return source;
  const masked = replaceAll(source, replacements);
  const isQuoted = replacements.some(({ token }) => token.endsWith('"'));
  if (!isQuoted || isJson(masked) || !isJson(source)) return masked;
  const attempts = SPELLINGS.map((spell) =>
    replaceAll(
      source,
      replacements.map((found) => ({ ...found, token: spell(found.token) })),
    ),
  );
  return attempts.find((attempt) => isJson(attempt)) ?? masked;
}
