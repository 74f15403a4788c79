import type { AttributeValue, Json } from '@colloquy/schema';
import type { FieldKey } from './dialect.js';
import { isArray, isObject } from './messages/json.js';
import { asJson, asNumber } from './read-value.js';

const numberAt = (json: Json, path: readonly string[]): number | undefined => {
  const value = path.reduce<Json | undefined>(
    (inner, name) =>
      isArray(inner) ? inner[Number(name)] : isObject(inner) ? inner[name] : undefined,
    json,
  );
  return value === undefined || typeof value === 'object' ? undefined : asNumber(value);
};

/** JSON that was cut by an attribute limit still tells the numbers before the cut. */
const numberBeforeCut = (text: string, name: string): number | undefined =>
  asNumber(new RegExp(`"${name}":\\s*(\\d+)\\s*[,}]`).exec(text)?.[1] ?? null);

/** A number inside an attribute of JSON, at the first of the paths (`a.0.b`) that has one. */
export function numberInside(key: string, ...paths: readonly string[]): Exclude<FieldKey, string> {
  const steps = paths.map((path) => path.split('.'));
  return {
    key,
    read: (value) => {
      const json = asJson(value);
      for (const path of steps) {
        const number =
          typeof json === 'string' && path.length === 1
            ? numberBeforeCut(json, path.join())
            : numberAt(json, path);
        if (number !== undefined) return number;
      }
      return undefined;
    },
  };
}

const NANOS_PER_MILLI = 1_000_000n;

/** Seconds from the span's start to a moment that an attribute names in ISO form, quoted or not. */
export const secondsUntil = (key: string): FieldKey => ({
  key,
  read: (value: AttributeValue, { startTimeUnixNano }) => {
    const text = asJson(value);
    const moment = typeof text === 'string' ? Date.parse(text) : Number.NaN;
    if (startTimeUnixNano === undefined || Number.isNaN(moment)) return undefined;
    const nanos = BigInt(moment) * NANOS_PER_MILLI - startTimeUnixNano;
    return nanos < 0n ? undefined : Number(nanos) / 1e9;
  },
});
