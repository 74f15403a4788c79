import type {
  AttributeMap,
  DeadLetterAnswer,
  DeadLetterDetailAnswer,
  Json,
  LogRecord,
  Span,
} from '@colloquy/schema';
import { formatTime } from '../query/format-time.js';
import { type DeadLetter, WHOLE } from '../store/dead-letters.js';
import { toJson } from '../to-json.js';

type Item = DeadLetterDetailAnswer['items'][number];

const encodeAttributes = (attributes: AttributeMap): Record<string, Json> =>
  Object.fromEntries([...attributes].map(([key, value]) => [key, toJson(value)]));

const encodeOrigin = ({
  resource,
  scope,
}: Pick<Span, 'resource' | 'scope'>): Pick<NonNullable<Item['span']>, 'resource' | 'scope'> => ({
  resource: {
    schema_url: resource.schemaUrl,
    attributes: encodeAttributes(resource.attributes),
  },
  scope: {
    name: scope.name,
    version: scope.version,
    schema_url: scope.schemaUrl,
    attributes: encodeAttributes(scope.attributes),
  },
});

/** A span as it was decoded. */
export const encodeSpan = (span: Span): NonNullable<Item['span']> => ({
  trace_id: span.traceId,
  span_id: span.spanId,
  parent_span_id: span.parentSpanId ?? null,
  trace_state: span.traceState,
  flags: span.flags,
  name: span.name,
  kind: span.kind,
  start_time: formatTime(span.startTimeUnixNano),
  end_time: formatTime(span.endTimeUnixNano),
  status_code: span.statusCode,
  status_message: span.statusMessage,
  ...encodeOrigin(span),
  attributes: encodeAttributes(span.attributes),
  events: span.events.map((event) => ({
    name: event.name,
    time: formatTime(event.timeUnixNano),
    attributes: encodeAttributes(event.attributes),
    dropped_attributes_count: event.droppedAttributesCount,
  })),
  links: span.links.map((link) => ({
    trace_id: link.traceId,
    span_id: link.spanId,
    trace_state: link.traceState,
    attributes: encodeAttributes(link.attributes),
    dropped_attributes_count: link.droppedAttributesCount,
  })),
  dropped_attributes_count: span.droppedAttributesCount,
  dropped_events_count: span.droppedEventsCount,
  dropped_links_count: span.droppedLinksCount,
});

/** A log record as it was decoded. */
export const encodeLog = (log: LogRecord): NonNullable<Item['log']> => ({
  trace_id: log.traceId ?? null,
  span_id: log.spanId ?? null,
  time: formatTime(log.timeUnixNano),
  observed_time: formatTime(log.observedTimeUnixNano),
  sequence: log.sequence,
  flags: log.flags,
  severity_number: log.severityNumber,
  severity_text: log.severityText,
  event_name: log.eventName,
  body: toJson(log.body),
  ...encodeOrigin(log),
  attributes: encodeAttributes(log.attributes),
  dropped_attributes_count: log.droppedAttributesCount,
});

export const encodePlace = (place: number): number | null => (place === WHOLE ? null : place);

/** A letter without what it holds. */
export const encodeLetter = (letter: DeadLetter): DeadLetterAnswer => ({
  letter_id: letter.letterId,
  received_at: formatTime(letter.receivedMicros * 1_000n),
  signal: letter.signal,
  encoding: letter.encoding,
  bytes: letter.bytes,
  state: letter.state,
  refused: letter.refused,
  items: letter.items.map(({ place, reason }) => ({ place: encodePlace(place), reason })),
});
