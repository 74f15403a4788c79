import type { AttributeValue, Resource, Scope } from '@colloquy/schema';
import type { Draft } from './items.js';
import { delimited, fixed64, type MessageFields, varint, type WireReader } from './wire-reader.js';

// Field numbers: opentelemetry-proto 1.11.0, common/v1/common.proto and resource/v1/resource.proto.

/** Where an `AnyValue` is put; `null` until one of its fields turns up. */
export interface ValueDraft {
  value: AttributeValue;
}

interface KeyValueDraft extends ValueDraft {
  key: string;
}

const KEY_VALUE: MessageFields<KeyValueDraft> = {
  [delimited(1)]: (wire, pair) => (pair.key = wire.string()),
  [delimited(2)]: (wire, pair) => wire.message(ANY_VALUE, pair),
};

/** What an attribute counts as; see `MAX_VALUES`. */
const ATTRIBUTE_VALUES = 3;

/** Reads one `KeyValue`. Of two with one key the later wins, as in every OTLP reader. */
export function readAttribute(wire: WireReader, into: Map<string, AttributeValue>): void {
  wire.hold(ATTRIBUTE_VALUES);
  const pair = wire.message(KEY_VALUE, { key: '', value: null });
  into.set(pair.key, pair.value);
}

const KEY_VALUE_LIST: MessageFields<Map<string, AttributeValue>> = {
  [delimited(1)]: readAttribute,
};

const ARRAY_VALUE: MessageFields<AttributeValue[]> = {
  [delimited(1)]: (wire, values) => {
    wire.hold(1);
    values.push(wire.message<ValueDraft>(ANY_VALUE, { value: null }).value);
  },
};

export const ANY_VALUE: MessageFields<ValueDraft> = {
  [delimited(1)]: (wire, into) => (into.value = wire.text()),
  [varint(2)]: (wire, into) => (into.value = wire.bool()),
  [varint(3)]: (wire, into) => (into.value = wire.bigInt64()),
  [fixed64(4)]: (wire, into) => (into.value = wire.double()),
  [delimited(5)]: (wire, into) => (into.value = wire.nested(ARRAY_VALUE, [])),
  [delimited(6)]: (wire, into) => (into.value = wire.nested(KEY_VALUE_LIST, new Map())),
  [delimited(7)]: (wire, into) => (into.value = wire.bytesCopy()),
};

export const RESOURCE: MessageFields<Draft<Resource>> = {
  [delimited(1)]: (wire, resource) => readAttribute(wire, resource.attributes),
};

export const SCOPE: MessageFields<Draft<Scope>> = {
  [delimited(1)]: (wire, scope) => (scope.name = wire.string()),
  [delimited(2)]: (wire, scope) => (scope.version = wire.string()),
  [delimited(3)]: (wire, scope) => readAttribute(wire, scope.attributes),
};
