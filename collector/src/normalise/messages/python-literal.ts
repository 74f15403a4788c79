import type { Json } from '@colloquy/schema';
import { parsed } from './json.js';

const TOKEN =
  /\s*(?:(?<mark>[[\](){},:])|(?<text>'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(?<word>None|True|False)|(?<number>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?))\s*/y;

const JSON_OF: Readonly<Record<string, string>> = {
  '(': '[',
  ')': ']',
  None: 'null',
  True: 'true',
  False: 'false',
};

const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([^]))/g;

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const unescaped = (text: string): string =>
  text.replaceAll(ESCAPE, (_all, x?: string, u?: string, long?: string, other = '') => {
    const code = x ?? u ?? long;
    return code === undefined
      ? (CONTROLS[other] ?? other)
      : String.fromCodePoint(Number.parseInt(code, 16));
  });

/** The tokens of a literal in JSON's spelling; `undefined` when anything else stands among them. */
function translate(literal: string): readonly string[] | undefined {
  const tokens: string[] = [];
  for (const { index, 0: all, groups = {} } of literal.matchAll(new RegExp(TOKEN, 'gy'))) {
    const { mark, text, word, number } = groups;
    const plain = mark ?? word ?? number ?? '';
    tokens.push(
      text === undefined ? (JSON_OF[plain] ?? plain) : JSON.stringify(unescaped(text.slice(1, -1))),
    );
    if (index + all.length === literal.length) return tokens;
  }
  return undefined;
}

/** A tuple of one ends in a comma. */
const isTrailing = (token: string, next: string | undefined): boolean =>
  token === ',' && next === ']';

/** Reads a dict, list or tuple as Python prints it; `undefined` for text that is none, or holds other objects. */
export function readPython(literal: string): Json | undefined {
  if (!/^\s*[[({]/.test(literal)) return undefined;
  const tokens = translate(literal);
  const json = tokens?.filter((token, index) => !isTrailing(token, tokens[index + 1])).join('');
  const value = json === undefined ? undefined : parsed(json);
  return typeof value === 'string' ? undefined : value;
}
