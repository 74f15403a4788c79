import type { AttributeValue } from '@colloquy/schema';
import type { FieldKey, Subject } from './dialect.js';

/** Makes the fields of a tracer whose attributes have names that anyone might use: read on its own records alone. */
export const ownField =
  (scope: RegExp) =>
  (key: string, read: (value: AttributeValue, subject: Subject) => unknown): FieldKey => ({
    key,
    read: (value, subject) => (scope.test(subject.scopeName) ? read(value, subject) : undefined),
  });
