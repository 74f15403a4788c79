import type { Json, JsonObject } from '@colloquy/schema';
import { isArray, isObject, lookUp } from './json.js';

const isByte = (value: Json): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;

/** The items of `{"0": 37, "1": 80}`; `undefined` when the keys are others. */
const numbered = (value: JsonObject): readonly Json[] | undefined =>
  Object.keys(value).every((key, index) => key === String(index))
    ? Object.values(value)
    : undefined;

/** `b'%PDF\\n'`: how Python prints bytes. Base64 has no quotes. */
const PRINTED = /^b(['"])([^]*)\1$/;
const ESCAPE = /\\(?:x([0-9a-f]{2})|([^]))/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function printedBytes(text: string): string | undefined {
  const literal = PRINTED.exec(text)?.[2];
  const letters = literal?.replaceAll(ESCAPE, (_all, hex?: string, letter = '') =>
    hex === undefined
      ? (lookUp(ESCAPED, letter) ?? letter)
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return letters === undefined ? undefined : Buffer.from(letters, 'latin1').toString('base64');
}

/**
 * Bytes as `JSON.stringify` dumps a Buffer or a Uint8Array, or as Python prints them.
 *
 * @returns base64; `undefined` for other values
 */
export function dumpedBytes(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return printedBytes(value);
  if (!isObject(value)) return undefined;
  const list = value['type'] === 'Buffer' ? value['data'] : numbered(value);
  return isArray(list) && list.length > 0 && list.every(isByte)
    ? Buffer.from(list).toString('base64')
    : undefined;
}
