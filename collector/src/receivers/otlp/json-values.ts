import type { AttributeMap, AttributeValue, Resource, Scope } from '@colloquy/schema';
import { ItemRejection, MAX_VALUE_DEPTH } from './items.js';
import {
  asBoolean,
  asBytes,
  asDouble,
  asInt64,
  asObject,
  asText,
  field,
  type JsonObject,
  readList,
  readText,
} from './json-fields.js';

type ReadValue = (value: unknown, name: string, depth: number) => AttributeValue;

/** The fields of `AnyValue`; a message has at most one of them. */
const VALUE_FIELDS: readonly (readonly [name: string, read: ReadValue])[] = [
  ['stringValue', asText],
  ['intValue', asInt64],
  ['boolValue', asBoolean],
  ['doubleValue', asDouble],
  ['kvlistValue', (value, name, depth) => readAttributes(asObject(value, name), 'values', depth)],
  ['arrayValue', readArray],
  ['bytesValue', asBytes],
];

/** @throws ItemRejection when the value has a wrong type or is nested too deep */
export function readAnyValue(value: unknown, name: string, depth = 0): AttributeValue {
  if (value === undefined || value === null) return null;
  if (depth > MAX_VALUE_DEPTH) {
    throw new ItemRejection(`a value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  }
  const source = asObject(value, name);
  for (const [fieldName, read] of VALUE_FIELDS) {
    const content = field(source, fieldName);
    if (content !== undefined && (content !== null || read === asDouble)) {
      return read(content, fieldName, depth);
    }
  }
  return null;
}

function readArray(value: unknown, name: string, depth: number): AttributeValue {
  const values = readList(asObject(value, name), 'values');
  return values.map((item) => readAnyValue(item, 'a value of arrayValue', depth + 1));
}

/** Reads a list of `KeyValue`. Of two with one key the later wins, as in protobuf. */
export function readAttributes(source: JsonObject, name = 'attributes', depth = -1): AttributeMap {
  const attributes = new Map<string, AttributeValue>();
  for (const item of readList(source, name)) {
    const pair = asObject(item, `an item of ${name}`);
    attributes.set(readText(pair, 'key'), readAnyValue(field(pair, 'value'), 'value', depth + 1));
  }
  return attributes;
}

export const readResource = (source: JsonObject, schemaUrl: string): Resource => ({
  attributes: readAttributes(source),
  schemaUrl,
});

export const readScope = (source: JsonObject, schemaUrl: string): Scope => ({
  name: readText(source, 'name'),
  version: readText(source, 'version'),
  attributes: readAttributes(source),
  schemaUrl,
});
