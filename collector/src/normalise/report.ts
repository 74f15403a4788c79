import type { AttributeMap, JsonObject, Report } from '@colloquy/schema';
import type { Subject } from './dialect.js';
import { isObject } from './messages/json.js';
import { asJson, asString } from './read-value.js';

const textAt = (attributes: AttributeMap, key: string): string | undefined =>
  asString(attributes.get(key) ?? null);

function objectAt(attributes: AttributeMap, key: string): JsonObject | undefined {
  const json = asJson(attributes.get(key) ?? null);
  return isObject(json) ? json : undefined;
}

/** Feedback is an object, or `null` to take all back; JSON text of `null` is no JSON to most readers. */
function feedbackAt(attributes: AttributeMap, key: string): JsonObject | null | undefined {
  const value = attributes.get(key);
  return value === 'null' || value === null ? null : objectAt(attributes, key);
}

type Known<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

const known = <T extends object>(fields: T): Partial<Known<T>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Known<T>
  >;

/** What a span or record of ours reports beside a message. */
export const readReport = ({ attributes }: Subject): Report =>
  known({
    replaces: textAt(attributes, 'colloquy.message.replaces'),
    follows: textAt(attributes, 'colloquy.message.parent_id'),
    eventName: textAt(attributes, 'colloquy.event.name'),
    metadata:
      objectAt(attributes, 'colloquy.message.metadata') ??
      objectAt(attributes, 'colloquy.event.metadata'),
    feedback: feedbackAt(attributes, 'colloquy.feedback'),
    userProps: objectAt(attributes, 'colloquy.user.props'),
  });
