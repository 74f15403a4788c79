import type { UnixNano } from '@colloquy/schema';
import { ItemRejection, NO_TIME } from './items.js';

declare global {
  interface String {
    /** Of ES2024: Node 20 has it, the library that we compile against does not. */
    toWellFormed(): string;
  }
}

/** A parsed JSON object, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

type Reader<T> = (source: JsonObject, name: string) => T;

const MAX_UINT_32 = 2 ** 32 - 1;
const MAX_INT_64 = 2n ** 63n - 1n;
const MIN_INT_64 = -(2n ** 63n);
const MAX_UINT_64 = 2n ** 64n - 1n;
const NON_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const snakeNames = new Map<string, string>();

/** The field by its OTLP name, or by its snake_case one, as the Go collector accepts it. */
export function field(source: JsonObject, name: string): unknown {
  const value = source[name];
  if (value !== undefined) return value;
  let snakeName = snakeNames.get(name);
  if (snakeName === undefined) {
    snakeName = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snakeName);
  }
  return source[snakeName];
}

const wrong = (name: string, expected: string): ItemRejection =>
  new ItemRejection(`${name} is not ${expected}`);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function asObject(value: unknown, name: string): JsonObject {
  if (!isObject(value)) throw wrong(name, 'an object');
  return value;
}

/** A string. Where an SDK cut it inside a surrogate pair, U+FFFD: no UTF-8 holds half a pair. */
export function asText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrong(name, 'a string');
  return value.toWellFormed();
}

export function asBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'true or false');
  return value;
}

/** @returns a number instead where JavaScript wrote a whole double, such as 1e20, as an integer */
export function asInt64(value: unknown, name: string): bigint | number {
  const integer = asInteger(value, name);
  return integer < MIN_INT_64 || integer > MAX_INT_64 ? Number(integer) : integer;
}

/** A double; JavaScript's `JSON.stringify` writes NaN as `null`. */
export function asDouble(value: unknown, name: string): number {
  if (value === null) return Number.NaN;
  const double = NON_FINITE.get(value) ?? (isNumeric(value) ? Number(value) : undefined);
  if (double === undefined) throw wrong(name, 'a number');
  return double;
}

/** Bytes from base64, plain or URL-safe, padded or not. */
export function asBytes(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string') throw wrong(name, 'base64');
  const bytes = Buffer.from(value, 'base64');
  // Node passes over what is no base64, so the length tells whether there was any.
  const digits = value.replace(/={1,2}$/, '').length;
  if (bytes.length !== Math.floor((digits * 3) / 4)) throw wrong(name, 'base64');
  return new Uint8Array(bytes);
}

function asInteger(value: unknown, name: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,400}$/.test(value)) return BigInt(value);
  throw wrong(name, 'an integer');
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && /^-?\d{1,400}(\.\d{1,400})?([eE][-+]?\d{1,4})?$/.test(value));

/** Makes a reader of a field that may be absent or `null`, which are one in protobuf's JSON. */
function optional<T>(as: (value: unknown, name: string) => T, absent: T): Reader<T> {
  return (source, name) => {
    const value = field(source, name);
    return value === undefined || value === null ? absent : as(value, name);
  };
}

export const readText = optional(asText, '');

/** A `uint32`. */
export const readCount = optional((value, name) => {
  const count = Number(asInteger(value, name));
  if (count < 0 || count > MAX_UINT_32) throw wrong(name, 'an unsigned 32-bit integer');
  return count;
}, 0);

export const readUnixNano = optional((value, name) => {
  const time = asInteger(value, name);
  if (time < 0n || time > MAX_UINT_64) throw wrong(name, 'a time in nanoseconds');
  return time as UnixNano;
}, NO_TIME);

export const readObject = optional(asObject, {});

export const readList = optional((value, name): readonly unknown[] => {
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value;
}, []);

/** An enumeration, as its number or as one of `names`. */
export function readEnum(
  source: JsonObject,
  name: string,
  names: ReadonlyMap<unknown, number>,
): number {
  const value = field(source, name);
  if (value === undefined || value === null) return 0;
  return names.get(value) ?? Number(asInteger(value, name));
}

/**
 * An id: hexadecimal of any case, as OTLP has it, or base64, as generic protobuf writers do.
 * @param none - the id that stands for none; it also gives the length
 * @see https://github.com/open-telemetry/opentelemetry-proto/issues/505
 */
export function readId<Id extends string>(source: JsonObject, name: string, none: Id): Id {
  const text = readText(source, name);
  if (text === '') return none;
  if (text.length === none.length && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase() as Id;
  const base64 = /^[\w+/-]{11,22}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (base64?.length === none.length / 2) return base64.toString('hex') as Id;
  throw wrong(name, `an id of ${none.length} hexadecimal digits`);
}
