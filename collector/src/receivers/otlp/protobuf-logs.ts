import type { LogRecord, Resource, Scope } from '@colloquy/schema';
import {
  completeLogRecord,
  type Draft,
  NO_SPAN_ID,
  NO_TIME,
  NO_TRACE_ID,
  presentId,
} from './items.js';
import { ANY_VALUE, readAttribute, type ValueDraft } from './protobuf-values.js';
import {
  delimited,
  fixed32,
  fixed64,
  type MessageFields,
  varint,
  type WireReader,
} from './wire-reader.js';

// Field numbers: opentelemetry-proto 1.11.0, logs/v1/logs.proto.

const LOG_RECORD: MessageFields<Draft<LogRecord>> = {
  [fixed64(1)]: (wire, record) => (record.timeUnixNano = wire.unixNano()),
  [varint(2)]: (wire, record) => (record.severityNumber = wire.int32()),
  [delimited(3)]: (wire, record) => (record.severityText = wire.string()),
  [delimited(5)]: (wire, record) => {
    record.body = wire.message<ValueDraft>(ANY_VALUE, { value: null }).value;
  },
  [delimited(6)]: (wire, record) => readAttribute(wire, record.attributes),
  [varint(7)]: (wire, record) => (record.droppedAttributesCount = wire.uint32()),
  [fixed32(8)]: (wire, record) => (record.flags = wire.fixed32()),
  [delimited(9)]: (wire, record) => (record.traceId = presentId(wire.id(NO_TRACE_ID))),
  [delimited(10)]: (wire, record) => (record.spanId = presentId(wire.id(NO_SPAN_ID))),
  [fixed64(11)]: (wire, record) => (record.observedTimeUnixNano = wire.unixNano()),
  [delimited(12)]: (wire, record) => (record.eventName = wire.string()),
};

const newLogRecord = (resource: Resource, scope: Scope, sequence: number): Draft<LogRecord> => ({
  resource,
  scope,
  traceId: undefined,
  spanId: undefined,
  flags: 0,
  timeUnixNano: NO_TIME,
  observedTimeUnixNano: NO_TIME,
  severityNumber: 0,
  severityText: '',
  eventName: '',
  body: null,
  attributes: new Map(),
  droppedAttributesCount: 0,
  sequence,
});

/** @throws ItemRejection when an id in the record is malformed */
export const readLogRecord = (
  wire: WireReader,
  resource: Resource,
  scope: Scope,
  sequence: number,
): LogRecord =>
  completeLogRecord(wire.message(LOG_RECORD, newLogRecord(resource, scope, sequence)));
