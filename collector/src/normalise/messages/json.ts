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

/** Parses a JSON string; anything else, and text that does not parse, stays as it is. */
export const parsed = (value: Json): Json =>
  typeof value === 'string' ? (parseJson(value) ?? value) : value;
