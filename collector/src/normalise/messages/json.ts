import type { Json, JsonObject } from '@colloquy/schema';
import { parseJson } from '../read-value.js';

/** Narrows to an object, as opposed to an array or a scalar. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The first of the named fields that holds a non-empty string. */
export function stringAt(object: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** The first of the named fields that is there at all, null included. */
export function valueAt(object: JsonObject, ...names: readonly string[]): Json | undefined {
  const name = names.find((candidate) => Object.hasOwn(object, candidate));
  return name === undefined ? undefined : object[name];
}

/** What a table says of a key that came from outside: `constructor` is a key like any other. */
export const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Numbers that JavaScript cannot hold; a tool's argument may be such an id. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}\s*[,}\]]/;

/** Parses a JSON string; anything else, and text that does not parse without loss, stays as it is. */
export const parsed = (value: Json): Json =>
  typeof value === 'string' && !LONG_INTEGER.test(value) ? (parseJson(value) ?? value) : value;
