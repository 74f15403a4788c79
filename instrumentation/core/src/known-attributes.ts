import type { Attributes, AttributeValue } from '@opentelemetry/api';

const isValue = (value: unknown): value is AttributeValue =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/** Those of the attributes that have a value; providers leave fields out, or send `null`. */
export const knownAttributes = (fields: Readonly<Record<string, unknown>>): Attributes =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, AttributeValue] => isValue(entry[1])),
  );
