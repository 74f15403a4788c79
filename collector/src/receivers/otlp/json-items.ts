import {
  type LogRecord,
  type Resource,
  type Scope,
  type Span,
  SPAN_KINDS,
  type SpanEvent,
  type SpanLink,
  STATUS_CODES,
} from '@colloquy/schema';
import {
  checkSpan,
  completeLogRecord,
  NO_SPAN_ID,
  NO_TRACE_ID,
  presentId,
  spanKindOf,
  statusCodeOf,
} from './items.js';
import {
  asObject,
  field,
  readCount,
  readEnum,
  readId,
  readList,
  readObject,
  readText,
  readUnixNano,
} from './json-fields.js';
import { readAnyValue, readAttributes } from './json-values.js';

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) =>
  ['', '2', '3', '4'].map((step) => name + step),
);

const byName = (prefix: string, names: readonly string[]): ReadonlyMap<unknown, number> =>
  new Map(names.map((name, value) => [prefix + name.toUpperCase(), value]));

const SPAN_KIND_NUMBERS = byName('SPAN_KIND_', SPAN_KINDS);
const STATUS_CODE_NUMBERS = byName('STATUS_CODE_', STATUS_CODES);
const SEVERITY_NUMBERS = byName('SEVERITY_NUMBER_', ['UNSPECIFIED', ...SEVERITIES]);

/** @throws ItemRejection when the span lacks an id, or a field has a wrong type */
export function readSpan(value: unknown, resource: Resource, scope: Scope): Span {
  const source = asObject(value, 'the span');
  const status = readObject(source, 'status');
  return checkSpan({
    resource,
    scope,
    traceId: readId(source, 'traceId', NO_TRACE_ID),
    spanId: readId(source, 'spanId', NO_SPAN_ID),
    parentSpanId: presentId(readId(source, 'parentSpanId', NO_SPAN_ID)),
    traceState: readText(source, 'traceState'),
    flags: readCount(source, 'flags'),
    name: readText(source, 'name'),
    kind: spanKindOf(readEnum(source, 'kind', SPAN_KIND_NUMBERS)),
    startTimeUnixNano: readUnixNano(source, 'startTimeUnixNano'),
    endTimeUnixNano: readUnixNano(source, 'endTimeUnixNano'),
    attributes: readAttributes(source),
    events: readList(source, 'events').map(readEvent),
    links: readList(source, 'links').map(readLink),
    statusCode: statusCodeOf(readEnum(status, 'code', STATUS_CODE_NUMBERS)),
    statusMessage: readText(status, 'message'),
    droppedAttributesCount: readCount(source, 'droppedAttributesCount'),
    droppedEventsCount: readCount(source, 'droppedEventsCount'),
    droppedLinksCount: readCount(source, 'droppedLinksCount'),
  });
}

function readEvent(value: unknown): SpanEvent {
  const source = asObject(value, 'an event');
  return {
    name: readText(source, 'name'),
    timeUnixNano: readUnixNano(source, 'timeUnixNano'),
    attributes: readAttributes(source),
    droppedAttributesCount: readCount(source, 'droppedAttributesCount'),
  };
}

function readLink(value: unknown): SpanLink {
  const source = asObject(value, 'a link');
  return {
    traceId: readId(source, 'traceId', NO_TRACE_ID),
    spanId: readId(source, 'spanId', NO_SPAN_ID),
    traceState: readText(source, 'traceState'),
    attributes: readAttributes(source),
    droppedAttributesCount: readCount(source, 'droppedAttributesCount'),
  };
}

/** @throws ItemRejection when a field has a wrong type */
export function readLogRecord(
  value: unknown,
  resource: Resource,
  scope: Scope,
  sequence: number,
): LogRecord {
  const source = asObject(value, 'the log record');
  return completeLogRecord({
    resource,
    scope,
    traceId: presentId(readId(source, 'traceId', NO_TRACE_ID)),
    spanId: presentId(readId(source, 'spanId', NO_SPAN_ID)),
    flags: readCount(source, 'flags'),
    timeUnixNano: readUnixNano(source, 'timeUnixNano'),
    observedTimeUnixNano: readUnixNano(source, 'observedTimeUnixNano'),
    severityNumber: readEnum(source, 'severityNumber', SEVERITY_NUMBERS),
    severityText: readText(source, 'severityText'),
    eventName: readText(source, 'eventName'),
    body: readAnyValue(field(source, 'body'), 'body'),
    attributes: readAttributes(source),
    droppedAttributesCount: readCount(source, 'droppedAttributesCount'),
    sequence,
  });
}
