import type { AttributeMap, AttributeValue } from '@colloquy/schema';
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

/** Types of the values that are no plain text, by `<place>/<key>`. */
export type TypeMap = Record<string, string>;

/**
 * A map of attributes as text, noting in `types` what is no text.
 * @param place - what the attributes belong to; part of the note's key
 * @param fold - replaces texts that are stored elsewhere
 */
export function encodeAttributes(
  attributes: AttributeMap,
  place: string,
  types: TypeMap,
  fold: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    [...attributes].map(([key, value]) => {
      const { text, type } = encodeValue(value);
      if (type !== undefined) types[`${place}/${key}`] = type;
      return [key, type === undefined || type === 'json' ? fold(text) : text];
    }),
  );
}

const DECODERS: Readonly<Record<string, (text: string) => unknown>> = {
  int: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  double: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
  bool: (text) => text === 'true',
  json: (text) => JSON.parse(text) as unknown,
  null: () => null,
};

/** The reverse of {@link encodeAttributes}, as JSON for the API; bytes stay base64. */
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
