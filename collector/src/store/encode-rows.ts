import type {
  CanonicalLog,
  CanonicalSpan,
  GenAi,
  LogRecord,
  Resource,
  Scope,
  Span,
} from '@colloquy/schema';
import { digest } from '../digest.js';
import { traceKeyOf } from '../untraced-logs.js';
import { foldText, isFoldable, referencesOf, type References } from './fold.js';
import { encodeGenAi, GEN_AI_COLUMNS, type Row } from './gen-ai-columns.js';
import {
  encodeAttributes,
  encodeAttributesJson,
  encodeValue,
  type AttributesJson,
} from './json-value.js';
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

/** What the messages of a record hold is looked up once the first text asks for it. */
function createFold({
  inputMessages,
  outputMessages,
  systemMessages,
}: GenAi): (text: string) => string {
  let references: References | undefined;
  return (text) => {
    if (!isFoldable(text)) return text;
    references ??= referencesOf({ i: inputMessages, o: outputMessages, s: systemMessages });
    return foldText(text, references);
  };
}

/** The resource and the scope are the same object for all that a request tells of them. */
function createOnce(place: string): (of: Resource | Scope) => AttributesJson {
  const known = new WeakMap<Resource | Scope, AttributesJson>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const encoded = encodeAttributesJson(of.attributes, place, keep);
    known.set(of, encoded);
    return encoded;
  };
}

const encodeResource = createOnce('resource');
const encodeScope = createOnce('scope');

/** A time beyond what the store holds is kept in words beside the clamped one. */
const originalTimes = ({ startTimeUnixNano, endTimeUnixNano }: Span): string =>
  clampNano(startTimeUnixNano) === startTimeUnixNano &&
  clampNano(endTimeUnixNano) === endTimeUnixNano
    ? ''
    : `"colloquy.original_start_time_unix_nano":"${startTimeUnixNano}","colloquy.original_end_time_unix_nano":"${endTimeUnixNano}"`;

const withPairs = (json: string, pairs: string): string =>
  pairs === '' ? json : `${json.slice(0, -1)}${json === '{}' ? '' : ','}${pairs}}`;

const jsonOf = (parts: readonly AttributesJson[]): string =>
  `[${parts.map(({ json }) => json).join()}]`;

const typesOf = (parts: readonly AttributesJson[]): string =>
  `{${parts.reduce((all, { types }) => all + types, '').slice(0, -1)}}`;

/**
 * A row as `JSONCompactEachRow` has it: values in the order of the table's columns. Keys would be
 * half of what is sent, and cost more to write and to read than the values.
 * @param maps - JSON
 */
const lineOf = (maps: readonly string[], values: readonly unknown[]): string =>
  `[${maps.join()},${JSON.stringify(values).slice(1)}`;

/** The columns of {@link encodeSpan}, in its order. */
const SPAN_LINE: readonly string[] = [
  'resource_attributes',
  'scope_attributes',
  'attributes',
  'events.attributes',
  'links.attributes',
  'attribute_types',
  'project_id',
  'trace_id',
  'span_id',
  'parent_span_id',
  'trace_state',
  'flags',
  'name',
  'kind',
  'start_time',
  'end_time',
  'status_code',
  'status_message',
  'service_name',
  'scope_name',
  'scope_version',
  'resource_schema_url',
  'scope_schema_url',
  'events.time',
  'events.name',
  'events.dropped_attributes_count',
  'links.trace_id',
  'links.span_id',
  'links.trace_state',
  'links.dropped_attributes_count',
  'dropped_attributes_count',
  'dropped_events_count',
  'dropped_links_count',
  'content_shelves',
  'received_at',
  'version',
  ...GEN_AI_COLUMNS,
];

/** One row of `fact_spans`. */
export function encodeSpan(
  { span, genAi }: CanonicalSpan,
  { hashes, shelves }: Shelved,
  context: RowContext,
): string {
  const fold = createFold(genAi);
  const resource = encodeResource(span.resource);
  const scope = encodeScope(span.scope);
  const own = encodeAttributesJson(span.attributes, '', fold);
  const events = span.events.map(({ attributes }, index) =>
    encodeAttributesJson(attributes, `event${index}`, fold),
  );
  const links = span.links.map(({ attributes }, index) =>
    encodeAttributesJson(attributes, `link${index}`, keep),
  );
  const maps = [
    resource.json,
    scope.json,
    withPairs(own.json, originalTimes(span)),
    jsonOf(events),
    jsonOf(links),
    typesOf([resource, scope, own, ...events, ...links]),
  ];
  return lineOf(maps, [
    context.projectId,
    span.traceId,
    span.spanId,
    span.parentSpanId ?? '',
    span.traceState,
    span.flags,
    span.name,
    span.kind,
    formatNano(span.startTimeUnixNano),
    formatNano(span.endTimeUnixNano),
    span.statusCode,
    span.statusMessage,
    serviceName(span),
    span.scope.name,
    span.scope.version,
    span.resource.schemaUrl,
    span.scope.schemaUrl,
    span.events.map(({ timeUnixNano }) => formatNano(timeUnixNano)),
    span.events.map(({ name }) => name),
    span.events.map((event) => event.droppedAttributesCount),
    span.links.map(({ traceId }) => traceId),
    span.links.map(({ spanId }) => spanId),
    span.links.map(({ traceState }) => traceState),
    span.links.map((link) => link.droppedAttributesCount),
    span.droppedAttributesCount,
    span.droppedEventsCount,
    span.droppedLinksCount,
    shelves,
    context.receivedAt,
    String(clampNano(span.endTimeUnixNano)),
    ...encodeGenAi(genAi, hashes),
  ]);
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
    encodeAttributes(log.attributes),
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

/** The columns of {@link encodeLog}, in its order. */
const LOG_LINE: readonly string[] = [
  'resource_attributes',
  'scope_attributes',
  'attributes',
  'attribute_types',
  'project_id',
  'trace_id',
  'span_id',
  'record_id',
  'time',
  'observed_time',
  'sequence',
  'flags',
  'severity_number',
  'severity_text',
  'event_name',
  'body',
  'service_name',
  'scope_name',
  'scope_version',
  'resource_schema_url',
  'scope_schema_url',
  'dropped_attributes_count',
  'content_shelves',
  'received_at',
  'version',
  ...GEN_AI_COLUMNS,
];

/** One row of `fact_logs`. */
export function encodeLog(
  canonical: CanonicalLog,
  { hashes, shelves }: Shelved,
  context: RowContext,
  ids: RecordIds,
): string {
  const { log, genAi } = canonical;
  const fold = createFold(genAi);
  const resource = encodeResource(log.resource);
  const scope = encodeScope(log.scope);
  const own = encodeAttributesJson(log.attributes, '', fold);
  const body = encodeValue(log.body);
  const bodyType = { json: '', types: body.type === undefined ? '' : `"body/":"${body.type}",` };
  const maps = [resource.json, scope.json, own.json, typesOf([resource, scope, own, bodyType])];
  return lineOf(maps, [
    context.projectId,
    traceKeyOf(canonical),
    log.spanId ?? '',
    ids.next(recordKey(log)),
    formatNano(log.timeUnixNano),
    formatNano(log.observedTimeUnixNano),
    log.sequence,
    log.flags,
    log.severityNumber,
    log.severityText,
    log.eventName,
    fold(body.text),
    serviceName(log),
    log.scope.name,
    log.scope.version,
    log.resource.schemaUrl,
    log.scope.schemaUrl,
    log.droppedAttributesCount,
    shelves,
    context.receivedAt,
    // The same record may come in requests that were cut differently: its latest place says most.
    log.sequence + 1,
    ...encodeGenAi(genAi, hashes),
  ]);
}

const LINES: ReadonlyMap<string, readonly string[]> = new Map([
  ['fact_spans', SPAN_LINE],
  ['fact_logs', LOG_LINE],
]);

/** The columns of the lines of a table. */
export const columnsOf = (table: string): readonly string[] => LINES.get(table) ?? [];

/** A line as a row with names, for what changes single columns. */
export function readLine(table: string, line: string): Row {
  const values = JSON.parse(line) as readonly unknown[];
  return Object.fromEntries(columnsOf(table).map((column, index) => [column, values[index]]));
}
