import type { AttributeValue, Json } from '@colloquy/schema';
import { hasMoreValues } from '../json-size.js';
import { toJson } from '../to-json.js';

/** How deep JSON is found inside JSON strings: some emitters encode a string three times. */
const MAX_JSON_LAYERS = 3;

/** JSON as an attribute value: the reverse of `toJson`. */
export function fromJson(json: Json): AttributeValue {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(fromJson);
  return new Map(Object.entries(json).map(([key, item]) => [key, fromJson(item)]));
}

/** True for text that can only be meant as a JSON object, array or (encoded twice) string. */
const looksLikeJson = (text: string): boolean => /^\s*[[{"]/.test(text);

/** Nesting beyond this is no message; what walks it would run out of stack. */
const MAX_DEPTH = 200;

/** Looks level by level, without recursion: this is asked because nesting may be without end. */
export function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}

/** No conversation holds as much in one attribute, and messages made of it would fill the memory. */
const MAX_VALUES = 200_000;

/** Whether a text is better kept as it is than read as JSON. */
export const isTooMuch = (text: string): boolean => hasMoreValues(text, MAX_VALUES);

/** Parses text that holds JSON, through up to three layers of encoding; `undefined` when it holds none. */
export function parseJson(text: string): Json | undefined {
  let value: Json = text;
  for (let layer = 0; layer < MAX_JSON_LAYERS; layer += 1) {
    if (typeof value !== 'string' || !looksLikeJson(value) || isTooMuch(value)) break;
    try {
      value = JSON.parse(value) as Json;
    } catch {
      return layer === 0 ? undefined : value;
    }
  }
  return value === text || isTooDeep(value) ? undefined : value;
}

/** A structured value, whether it came as an `AnyValue` or as JSON text; other text stays text. */
export function asJson(value: AttributeValue): Json {
  if (typeof value !== 'string') return toJson(value);
  return parseJson(value) ?? value;
}

/** Text in quotes: MLflow encodes every value as JSON. */
function unquote(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  const json = parseJson(text);
  return typeof json === 'string' ? json : text;
}

/** A non-empty string; numbers are accepted because some emitters send ids as such. */
export function asString(value: AttributeValue): string | undefined {
  if (typeof value === 'string') return unquote(value) || undefined;
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  return undefined;
}

/** A finite number, also from text (Micrometer sends everything as text). */
export function asNumber(value: AttributeValue): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Seconds from a number of milliseconds. */
export function asSecondsOfMillis(value: AttributeValue): number | undefined {
  const milliseconds = asNumber(value);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

/** A count: a whole number from 0 up. */
export function asCount(value: AttributeValue): number | undefined {
  const number = asNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A list of strings from an array, a JSON array or a comma-separated list. */
export function asStrings(value: AttributeValue): readonly string[] | undefined {
  const json = asJson(value);
  if (Array.isArray(json)) {
    const list = json.filter((item) => typeof item === 'string').map((item) => item.trim());
    return list.filter((item) => item !== '');
  }
  if (typeof json !== 'string') return undefined;
  const list = json.split(',').map((item) => item.trim());
  return list.filter((item) => item !== '');
}
