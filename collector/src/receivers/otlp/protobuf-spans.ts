import type { Resource, Scope, Span, SpanEvent, SpanLink } from '@colloquy/schema';
import {
  checkSpan,
  type Draft,
  NO_SPAN_ID,
  NO_TIME,
  NO_TRACE_ID,
  presentId,
  spanKindOf,
  statusCodeOf,
} from './items.js';
import { readAttribute } from './protobuf-values.js';
import {
  delimited,
  fixed32,
  fixed64,
  type MessageFields,
  varint,
  type WireReader,
} from './wire-reader.js';

// Field numbers: opentelemetry-proto 1.11.0, trace/v1/trace.proto.

const STATUS: MessageFields<Draft<Span>> = {
  [delimited(2)]: (wire, span) => (span.statusMessage = wire.string()),
  [varint(3)]: (wire, span) => (span.statusCode = statusCodeOf(wire.int32())),
};

const EVENT: MessageFields<Draft<SpanEvent>> = {
  [fixed64(1)]: (wire, event) => (event.timeUnixNano = wire.unixNano()),
  [delimited(2)]: (wire, event) => (event.name = wire.string()),
  [delimited(3)]: (wire, event) => readAttribute(wire, event.attributes),
  [varint(4)]: (wire, event) => (event.droppedAttributesCount = wire.uint32()),
};

const LINK: MessageFields<Draft<SpanLink>> = {
  [delimited(1)]: (wire, link) => (link.traceId = wire.id(NO_TRACE_ID)),
  [delimited(2)]: (wire, link) => (link.spanId = wire.id(NO_SPAN_ID)),
  [delimited(3)]: (wire, link) => (link.traceState = wire.string()),
  [delimited(4)]: (wire, link) => readAttribute(wire, link.attributes),
  [varint(5)]: (wire, link) => (link.droppedAttributesCount = wire.uint32()),
};

/** What an event or a link counts as; see `MAX_VALUES`. */
const RECORD_VALUES = 10;

const newEvent = (): Draft<SpanEvent> => ({
  name: '',
  timeUnixNano: NO_TIME,
  attributes: new Map(),
  droppedAttributesCount: 0,
});

const newLink = (): Draft<SpanLink> => ({
  traceId: NO_TRACE_ID,
  spanId: NO_SPAN_ID,
  traceState: '',
  attributes: new Map(),
  droppedAttributesCount: 0,
});

const SPAN: MessageFields<Draft<Span>> = {
  [delimited(1)]: (wire, span) => (span.traceId = wire.id(NO_TRACE_ID)),
  [delimited(2)]: (wire, span) => (span.spanId = wire.id(NO_SPAN_ID)),
  [delimited(3)]: (wire, span) => (span.traceState = wire.string()),
  [delimited(4)]: (wire, span) => (span.parentSpanId = presentId(wire.id(NO_SPAN_ID))),
  [delimited(5)]: (wire, span) => (span.name = wire.string()),
  [varint(6)]: (wire, span) => (span.kind = spanKindOf(wire.int32())),
  [fixed64(7)]: (wire, span) => (span.startTimeUnixNano = wire.unixNano()),
  [fixed64(8)]: (wire, span) => (span.endTimeUnixNano = wire.unixNano()),
  [delimited(9)]: (wire, span) => readAttribute(wire, span.attributes),
  [varint(10)]: (wire, span) => (span.droppedAttributesCount = wire.uint32()),
  [delimited(11)]: (wire, span) => {
    wire.hold(RECORD_VALUES);
    span.events.push(wire.message(EVENT, newEvent()));
  },
  [varint(12)]: (wire, span) => (span.droppedEventsCount = wire.uint32()),
  [delimited(13)]: (wire, span) => {
    wire.hold(RECORD_VALUES);
    span.links.push(wire.message(LINK, newLink()));
  },
  [varint(14)]: (wire, span) => (span.droppedLinksCount = wire.uint32()),
  [delimited(15)]: (wire, span) => wire.message(STATUS, span),
  [fixed32(16)]: (wire, span) => (span.flags = wire.fixed32()),
};

const newSpan = (resource: Resource, scope: Scope): Draft<Span> => ({
  resource,
  scope,
  traceId: NO_TRACE_ID,
  spanId: NO_SPAN_ID,
  parentSpanId: undefined,
  traceState: '',
  flags: 0,
  name: '',
  kind: 'Unspecified',
  startTimeUnixNano: NO_TIME,
  endTimeUnixNano: NO_TIME,
  attributes: new Map(),
  events: [],
  links: [],
  statusCode: 'Unset',
  statusMessage: '',
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
});

/** @throws ItemRejection when the span lacks an id, or holds a malformed one */
export const readSpan = (wire: WireReader, resource: Resource, scope: Scope): Span =>
  checkSpan(wire.message(SPAN, newSpan(resource, scope)));
