import type { CanonicalLog, CanonicalSpan, GenAi, LogRecord, Span } from '@colloquy/schema';
import { digest } from '../digest.js';
import { traceKeyOf } from '../untraced-logs.js';
import { foldText, referencesOf } from './fold.js';
import { encodeGenAi, type Row } from './gen-ai-columns.js';
import { encodeAttributes, encodeValue, type TypeMap } from './json-value.js';
import type { Shelved } from './shelves.js';
import { clampNano, formatNano } from './time.js';

/** What every row of a batch shares. */
export interface RowContext {
  readonly projectId: string;
  /** When the batch was received; stamped once, so that a retry of it is the same to the byte. */
  readonly receivedAt: string;
}

/** `''` when the resource does not say. */
export const serviceName = ({ resource }: Pick<Span, 'resource'>): string => {
  const name = resource.attributes.get('service.name');
  return typeof name === 'string' ? name : '';
};

const keep = (text: string): string => text;

function createFold({
  inputMessages,
  outputMessages,
  systemMessages,
}: GenAi): (text: string) => string {
  const references = referencesOf({ i: inputMessages, o: outputMessages, s: systemMessages });
  return (text) => foldText(text, references);
}

/** A time beyond what the store holds is kept in words beside the clamped one. */
const originalTimes = ({ startTimeUnixNano, endTimeUnixNano }: Span): Record<string, string> =>
  clampNano(startTimeUnixNano) === startTimeUnixNano &&
  clampNano(endTimeUnixNano) === endTimeUnixNano
    ? {}
    : {
        'colloquy.original_start_time_unix_nano': String(startTimeUnixNano),
        'colloquy.original_end_time_unix_nano': String(endTimeUnixNano),
      };

function encodeEvents(
  { events, links }: Span,
  types: TypeMap,
  fold: (text: string) => string,
): Row {
  return {
    'events.time': events.map(({ timeUnixNano }) => formatNano(timeUnixNano)),
    'events.name': events.map(({ name }) => name),
    'events.attributes': events.map(({ attributes }, index) =>
      encodeAttributes(attributes, `event${index}`, types, fold),
    ),
    'events.dropped_attributes_count': events.map((event) => event.droppedAttributesCount),
    'links.trace_id': links.map(({ traceId }) => traceId),
    'links.span_id': links.map(({ spanId }) => spanId),
    'links.trace_state': links.map(({ traceState }) => traceState),
    'links.attributes': links.map(({ attributes }, index) =>
      encodeAttributes(attributes, `link${index}`, types, keep),
    ),
    'links.dropped_attributes_count': links.map((link) => link.droppedAttributesCount),
  };
}

/** One row of `fact_spans`. */
export function encodeSpan(
  { span, genAi }: CanonicalSpan,
  { hashes, shelves }: Shelved,
  context: RowContext,
): Row {
  const types: TypeMap = {};
  const fold = createFold(genAi);
  return {
    project_id: context.projectId,
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? '',
    trace_state: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    start_time: formatNano(span.startTimeUnixNano),
    end_time: formatNano(span.endTimeUnixNano),
    status_code: span.statusCode,
    status_message: span.statusMessage,
    service_name: serviceName(span),
    scope_name: span.scope.name,
    scope_version: span.scope.version,
    resource_schema_url: span.resource.schemaUrl,
    scope_schema_url: span.scope.schemaUrl,
    resource_attributes: encodeAttributes(span.resource.attributes, 'resource', types, keep),
    scope_attributes: encodeAttributes(span.scope.attributes, 'scope', types, keep),
    attributes: { ...encodeAttributes(span.attributes, '', types, fold), ...originalTimes(span) },
    ...encodeEvents(span, types, fold),
    attribute_types: types,
    dropped_attributes_count: span.droppedAttributesCount,
    dropped_events_count: span.droppedEventsCount,
    dropped_links_count: span.droppedLinksCount,
    ...encodeGenAi(genAi, hashes),
    content_shelves: shelves,
    received_at: context.receivedAt,
    version: String(clampNano(span.endTimeUnixNano)),
  };
}

/** Everything that makes two log records different, and nothing that a retry or the rules change. */
export function recordKey(log: LogRecord): string {
  const {
    traceId,
    spanId,
    timeUnixNano,
    observedTimeUnixNano,
    severityNumber,
    severityText,
    eventName,
    scope,
  } = log;
  const times = [timeUnixNano, observedTimeUnixNano].map(String);
  return JSON.stringify([
    traceId,
    spanId,
    times,
    severityNumber,
    severityText,
    eventName,
    scope.name,
    serviceName(log),
    encodeValue(log.body).text,
    encodeAttributes(log.attributes, '', {}, keep),
  ]);
}

/**
 * Tells equal records of one request apart by counting them: a history may hold the same
 * message twice, written in the same millisecond. The same request sent again counts alike.
 */
export class RecordIds {
  readonly #seen = new Map<string, number>();

  next(key: string): string {
    const ordinal = this.#seen.get(key) ?? 0;
    this.#seen.set(key, ordinal + 1);
    return digest(`${key}#${ordinal}`);
  }
}

/** One row of `fact_logs`. */
export function encodeLog(
  canonical: CanonicalLog,
  { hashes, shelves }: Shelved,
  context: RowContext,
  ids: RecordIds,
): Row {
  const { log, genAi } = canonical;
  const types: TypeMap = {};
  const fold = createFold(genAi);
  const attributes = encodeAttributes(log.attributes, '', types, fold);
  const body = encodeValue(log.body);
  if (body.type !== undefined) types['body/'] = body.type;
  return {
    project_id: context.projectId,
    trace_id: traceKeyOf(canonical),
    span_id: log.spanId ?? '',
    record_id: ids.next(recordKey(log)),
    time: formatNano(log.timeUnixNano),
    observed_time: formatNano(log.observedTimeUnixNano),
    sequence: log.sequence,
    flags: log.flags,
    severity_number: log.severityNumber,
    severity_text: log.severityText,
    event_name: log.eventName,
    body: fold(body.text),
    service_name: serviceName(log),
    scope_name: log.scope.name,
    scope_version: log.scope.version,
    resource_schema_url: log.resource.schemaUrl,
    scope_schema_url: log.scope.schemaUrl,
    resource_attributes: encodeAttributes(log.resource.attributes, 'resource', types, keep),
    scope_attributes: encodeAttributes(log.scope.attributes, 'scope', types, keep),
    attributes,
    attribute_types: types,
    dropped_attributes_count: log.droppedAttributesCount,
    ...encodeGenAi(genAi, hashes),
    content_shelves: shelves,
    received_at: context.receivedAt,
    // The same record may come in requests that were cut differently: its latest place says most.
    version: log.sequence + 1,
  };
}
