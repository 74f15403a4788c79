import type { AttributeMap, AttributeValue, Json } from '@colloquy/schema';
import { toJson } from '../to-json.js';

/** An attribute as text, with the type that the text stands for; plain text has none. */
export interface EncodedValue {
  readonly text: string;
  readonly type: 'int' | 'double' | 'bool' | 'bytes' | 'json' | 'null' | undefined;
}

/** Text for the store, where a map holds nothing but text. */
export function encodeValue(value: AttributeValue): EncodedValue {
  switch (typeof value) {
    case 'string':
      return { text: value, type: undefined };
    case 'bigint':
      return { text: String(value), type: 'int' };
    case 'number':
      return { text: String(value), type: 'double' };
    case 'boolean':
      return { text: String(value), type: 'bool' };
    default:
      if (value === null) return { text: '', type: 'null' };
      if (value instanceof Uint8Array)
        return { text: Buffer.from(value).toString('base64'), type: 'bytes' };
      return { text: JSON.stringify(toJson(value)), type: 'json' };
  }
}

/** A map of attributes as text. */
export const encodeAttributes = (attributes: AttributeMap): Record<string, string> =>
  Object.fromEntries([...attributes].map(([key, value]) => [key, encodeValue(value).text]));

/** A map of attributes as JSON, each value as text; and what is no text, by `<place>/<key>`. */
export interface AttributesJson {
  readonly json: string;
  /** Pairs of a JSON object, each with a comma behind it. */
  readonly types: string;
}

/** Keys repeat from span to span; what escapes them is asked once. */
const MAX_KEYS = 10_000;
const keys = new Map<string, string>();

function encodeKey(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  if (keys.size >= MAX_KEYS) keys.clear();
  const json = JSON.stringify(key);
  keys.set(key, json);
  return json;
}

/**
 * Attributes as the store takes them.
 * @param place - what the attributes belong to; part of the types' keys
 * @param fold - replaces texts that are stored elsewhere
 */
export function encodeAttributesJson(
  attributes: AttributeMap,
  place: string,
  fold: (text: string) => string,
): AttributesJson {
  let json = '';
  let types = '';
  for (const [key, value] of attributes) {
    const { text, type } = encodeValue(value);
    if (type !== undefined) types += `${encodeKey(`${place}/${key}`)}:"${type}",`;
    const folded = type === undefined || type === 'json' ? fold(text) : text;
    json += `${json === '' ? '' : ','}${encodeKey(key)}:${JSON.stringify(folded)}`;
  }
  return { json: `{${json}}`, types };
}

const DECODERS: Readonly<Record<string, (text: string) => unknown>> = {
  int: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  double: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
  bool: (text) => text === 'true',
  json: (text) => JSON.parse(text) as unknown,
  null: () => null,
};

/** The reverse of {@link encodeAttributesJson}, as JSON for the API; bytes stay base64. */
export function decodeAttributes(
  attributes: Readonly<Record<string, string>>,
  place: string,
  types: Readonly<Record<string, string>>,
  unfold: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, text]) => {
      const decode = DECODERS[types[`${place}/${key}`] ?? ''];
      const whole = unfold(text);
      return [key, decode === undefined ? whole : decode(whole)];
    }),
  );
}

/** JSON as the attribute value it was made of; whole numbers were integers. */
function fromJson(json: Json): AttributeValue {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(fromJson);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

const RESTORERS: Readonly<Record<string, (text: string) => AttributeValue>> = {
  int: BigInt,
  double: Number,
  bool: (text) => text === 'true',
  bytes: (text) => Buffer.from(text, 'base64'),
  json: (text) => fromJson(JSON.parse(text) as Json),
  null: () => null,
};

/** The reverse of {@link encodeValue}. @param type - as noted when it was encoded */
export const restoreValue = (text: string, type: string | undefined): AttributeValue =>
  RESTORERS[type ?? '']?.(text) ?? (type === 'null' ? null : text);

/** The reverse of {@link encodeAttributesJson}, as they arrived. */
export const restoreAttributes = (
  attributes: Readonly<Record<string, string>>,
  place: string,
  types: Readonly<Record<string, string>>,
  unfold: (text: string) => string,
): AttributeMap =>
  new Map(
    Object.entries(attributes).map(([key, text]) => [
      key,
      restoreValue(unfold(text), types[`${place}/${key}`]),
    ]),
  );
