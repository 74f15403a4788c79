import type { Json, JsonObject } from '@colloquy/schema';
import { isArray, isObject } from './json.js';

const isByte = (value: Json): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;

/** The items of `{"0": 37, "1": 80}`; `undefined` when the keys are others. */
const numbered = (value: JsonObject): readonly Json[] | undefined =>
  Object.keys(value).every((key, index) => key === String(index))
    ? Object.values(value)
    : undefined;

/** What `JSON.stringify` makes of a Buffer or of a Uint8Array, as base64; `undefined` for other values. */
export function dumpedBytes(value: Json | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const list = value['type'] === 'Buffer' ? value['data'] : numbered(value);
  return isArray(list) && list.length > 0 && list.every(isByte)
    ? Buffer.from(list).toString('base64')
    : undefined;
}
