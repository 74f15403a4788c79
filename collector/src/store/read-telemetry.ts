import { TupleParam, type ClickHouseClient } from '@clickhouse/client';
import type {
  AttributeMap,
  Contents,
  GenAiFact,
  LogRecord,
  Span,
  SpanEvent,
  SpanId,
  SpanLink,
  TraceId,
  UnixNano,
} from '@colloquy/schema';
import { isTraceId } from '../untraced-logs.js';
import { selectRows } from './client.js';
import type { Row } from './gen-ai-columns.js';
import { joinHistories } from './history-pieces.js';
import { restoreAttributes, restoreValue } from './json-value.js';
import { decodeLog, decodeSpan, readContents } from './read-facts.js';
import { createUnfold } from './unfold-row.js';
import { LOG_COLUMNS, SPAN_COLUMNS } from './whole-rows.js';

/** A stored record, with what the rules of its time made of it. */
export interface StoredRecord<T> {
  readonly fact: GenAiFact;
  readonly row: Row;
  /** The record as it arrived; made anew each time, since it may be large. */
  readonly restore: () => T;
}

export interface StoredPage<T> {
  readonly records: readonly StoredRecord<T>[];
  /** Where their contents are kept, by hash. */
  readonly shelfOf: ReadonlyMap<string, string>;
}

const keep = (text: string): string => text;

/** Reads the columns of one row back into what they were made of. */
class RowReader {
  readonly #row: Row;
  readonly #unfold: (text: string) => string;

  constructor(row: Row, fact: GenAiFact, contents: Contents) {
    this.#row = row;
    this.#unfold = createUnfold(fact, contents);
  }

  text = (column: string): string => this.#row[column] as string;
  count = (column: string): number => Number(this.#row[column]);
  nano = (column: string): UnixNano => BigInt(this.#row[column] as string) as UnixNano;

  attributes(column: string, place: string, isFolded: boolean): AttributeMap {
    return this.#restore(this.#row[column], place, isFolded);
  }

  body(): LogRecord['body'] {
    return restoreValue(this.#unfold(this.text('body')), this.#types['body/']);
  }

  resource(): Span['resource'] {
    return {
      attributes: this.attributes('resource_attributes', 'resource', false),
      schemaUrl: this.text('resource_schema_url'),
    };
  }

  scope(): Span['scope'] {
    return {
      name: this.text('scope_name'),
      version: this.text('scope_version'),
      attributes: this.attributes('scope_attributes', 'scope', false),
      schemaUrl: this.text('scope_schema_url'),
    };
  }

  events(): readonly SpanEvent[] {
    const at = this.#list;
    return at('event_names').map((name, index) => ({
      name: name as string,
      timeUnixNano: BigInt(at('event_nanos')[index] as string) as UnixNano,
      attributes: this.#restore(at('event_attributes')[index], `event${index}`, true),
      droppedAttributesCount: Number(at('event_dropped_counts')[index]),
    }));
  }

  links(): readonly SpanLink[] {
    const at = this.#list;
    return at('link_trace_ids').map((traceId, index) => ({
      traceId: traceId as TraceId,
      spanId: at('link_span_ids')[index] as SpanId,
      traceState: at('link_trace_states')[index] as string,
      attributes: this.#restore(at('link_attributes')[index], `link${index}`, false),
      droppedAttributesCount: Number(at('link_dropped_counts')[index]),
    }));
  }

  get #types(): Readonly<Record<string, string>> {
    return this.#row['attribute_types'] as Readonly<Record<string, string>>;
  }

  #list = (column: string): readonly unknown[] => this.#row[column] as readonly unknown[];

  #restore(attributes: unknown, place: string, isFolded: boolean): AttributeMap {
    const unfold = isFolded ? this.#unfold : keep;
    const texts = attributes as Readonly<Record<string, string>>;
    return restoreAttributes(texts, place, this.#types, unfold);
  }
}

const readSpan = (row: RowReader): Span => ({
  resource: row.resource(),
  scope: row.scope(),
  traceId: row.text('trace_id') as TraceId,
  spanId: row.text('span_id') as SpanId,
  parentSpanId: (row.text('parent_span_id') || undefined) as SpanId | undefined,
  traceState: row.text('trace_state'),
  flags: row.count('flags'),
  name: row.text('name'),
  kind: row.text('kind') as Span['kind'],
  startTimeUnixNano: row.nano('start_nano'),
  endTimeUnixNano: row.nano('end_nano'),
  attributes: row.attributes('attributes', '', true),
  events: row.events(),
  links: row.links(),
  statusCode: row.text('status_code') as Span['statusCode'],
  statusMessage: row.text('status_message'),
  droppedAttributesCount: row.count('dropped_attributes_count'),
  droppedEventsCount: row.count('dropped_events_count'),
  droppedLinksCount: row.count('dropped_links_count'),
});

const readLog = (row: RowReader): LogRecord => ({
  resource: row.resource(),
  scope: row.scope(),
  traceId: (isTraceId(row.text('trace_id')) ? row.text('trace_id') : undefined) as
    | TraceId
    | undefined,
  spanId: (row.text('span_id') || undefined) as SpanId | undefined,
  flags: row.count('flags'),
  timeUnixNano: row.nano('time_nano'),
  observedTimeUnixNano: row.nano('observed_nano'),
  severityNumber: row.count('severity_number'),
  severityText: row.text('severity_text'),
  eventName: row.text('event_name'),
  body: row.body(),
  attributes: row.attributes('attributes', '', true),
  droppedAttributesCount: row.count('dropped_attributes_count'),
  sequence: row.count('sequence'),
});

/** Which records: all of a project, or those of some traces. */
export interface ReadOptions {
  readonly projectId: string;
  readonly traceIds?: readonly string[] | undefined;
}

/** Rows that are read together; a row can have a history of thousands of hashes. */
const PAGE = 200;

/** The columns that a table is sorted by, after the project. */
const KEYS = {
  fact_spans: ['trace_id', 'span_id'],
  fact_logs: ['trace_id', 'span_id', 'record_id'],
} as const;

const pageSql = (table: keyof typeof KEYS, columns: string, options: ReadOptions): string => {
  const key = KEYS[table].map((column) => `toString(${column})`).join(', ');
  const traces = options.traceIds === undefined ? '' : 'AND trace_id IN {traceIds:Array(String)}';
  return `SELECT ${columns}, toString(received_at) AS received FROM ${table} FINAL
WHERE project_id = {projectId:String} AND (${key}) > {after:Tuple(${KEYS[table].map(() => 'String').join(', ')})} ${traces}
ORDER BY ${key} LIMIT {limit:UInt32}`;
};

async function* readRows(
  client: ClickHouseClient,
  table: keyof typeof KEYS,
  columns: string,
  options: ReadOptions,
): AsyncGenerator<readonly Row[]> {
  const sql = pageSql(table, columns, options);
  let after = new TupleParam(KEYS[table].map(() => ''));
  for (;;) {
    const rows = await selectRows<Row>(client, sql, { ...options, after, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield await joinHistories(client, options.projectId, rows);
    after = new TupleParam(KEYS[table].map((column) => String(last[column])));
  }
}

async function readPage<T>(
  client: ClickHouseClient,
  projectId: string,
  rows: readonly Row[],
  { decode, read }: { decode: (row: Row) => GenAiFact; read: (row: RowReader) => T },
): Promise<StoredPage<T>> {
  const facts = rows.map(decode);
  const shelves = [...new Set(rows.flatMap((row) => row['content_shelves'] as readonly string[]))];
  const hashes = new Set(
    facts.flatMap((fact) => [...fact.systemHashes, ...fact.inputHashes, ...fact.outputHashes]),
  );
  const { contents, shelfOf } = await readContents(client, projectId, shelves, [...hashes]);
  const records = rows.map((row, index): StoredRecord<T> => {
    const fact = facts[index] as GenAiFact;
    return { row, fact, restore: () => read(new RowReader(row, fact, contents)) };
  });
  return { records, shelfOf };
}

/** All spans as they arrived, a page at a time. */
export async function* readStoredSpans(
  client: ClickHouseClient,
  options: ReadOptions,
): AsyncGenerator<StoredPage<Span>> {
  for await (const rows of readRows(client, 'fact_spans', SPAN_COLUMNS, options))
    yield readPage(client, options.projectId, rows, { decode: decodeSpan, read: readSpan });
}

/** All log records as they arrived, a page at a time. */
export async function* readStoredLogs(
  client: ClickHouseClient,
  options: ReadOptions,
): AsyncGenerator<StoredPage<LogRecord>> {
  for await (const rows of readRows(client, 'fact_logs', LOG_COLUMNS, options))
    yield readPage(client, options.projectId, rows, { decode: decodeLog, read: readLog });
}
