import type { AttributeValue, Json } from '@colloquy/schema';

/**
 * An attribute as JSON, as close as JSON allows: integers beyond 2^53 and numbers that are none
 * become text, bytes base64.
 */
export function toJson(value: AttributeValue): Json {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
  }
  return (value as readonly AttributeValue[]).map(toJson);
}
