import type { Contents, SpanAnswer } from '@colloquy/schema';
import type { Price } from '../../conversation/price.js';
import { formatTime } from '../format-time.js';
import type { Row } from '../../store/gen-ai-columns.js';
import type { StoredSpan } from '../sql/read-spans.js';
import { encodeMeaning } from './meaning.js';
import { StoredAttributes } from './stored-attributes.js';

/** What only the tree of the whole trace tells of a span. */
export interface SpanPlace {
  readonly depth: number;
  readonly isGeneration: boolean;
  readonly price: Price | undefined;
}

interface Item {
  readonly at: (column: string) => unknown;
  readonly index: number;
}

/** Arrays that ClickHouse keeps side by side, as items. */
function* itemsOf(row: Row, lead: string): Generator<Item> {
  for (const index of (row[lead] as readonly unknown[]).keys())
    yield { index, at: (column) => (row[column] as readonly unknown[])[index] };
}

const encodeEvents = (row: Row, attributes: StoredAttributes): SpanAnswer['events'] =>
  [...itemsOf(row, 'event_names')].map(({ at, index }) => ({
    name: at('event_names') as string,
    time: formatTime(BigInt(at('event_nanos') as string)),
    attributes: attributes.folded(at('event_attributes'), `event${index}`),
    dropped_attributes_count: Number(at('event_dropped_counts')),
  }));

const encodeLinks = (row: Row, attributes: StoredAttributes): SpanAnswer['links'] =>
  [...itemsOf(row, 'link_trace_ids')].map(({ at, index }) => ({
    trace_id: at('link_trace_ids') as string,
    span_id: at('link_span_ids') as string,
    trace_state: at('link_trace_states') as string,
    attributes: attributes.plain(at('link_attributes'), `link${index}`),
    dropped_attributes_count: Number(at('link_dropped_counts')),
  }));

/** A span with everything that arrived. @param contents - those of its own messages at least */
export function encodeSpan(
  { fact, row }: StoredSpan,
  { depth, isGeneration, price }: SpanPlace,
  contents: Contents,
): SpanAnswer {
  const attributes = new StoredAttributes(fact, row, contents);
  return {
    trace_id: fact.traceId,
    span_id: fact.spanId,
    parent_span_id: fact.parentSpanId ?? null,
    depth,
    trace_state: row['trace_state'] as string,
    flags: Number(row['flags']),
    name: fact.name,
    kind: row['kind'] as SpanAnswer['kind'],
    start_time: formatTime(fact.startTimeUnixNano),
    end_time: formatTime(fact.endTimeUnixNano),
    duration_ns: Number(fact.endTimeUnixNano - fact.startTimeUnixNano),
    status_code: fact.statusCode,
    status_message: row['status_message'] as string,
    ...attributes.common(),
    events: encodeEvents(row, attributes),
    links: encodeLinks(row, attributes),
    dropped_attributes_count: Number(row['dropped_attributes_count']),
    dropped_events_count: Number(row['dropped_events_count']),
    dropped_links_count: Number(row['dropped_links_count']),
    is_generation: isGeneration,
    cost_usd: price?.usd ?? null,
    price_source: price?.source ?? null,
    ...encodeMeaning(fact, row['metadata'] as string),
  };
}
