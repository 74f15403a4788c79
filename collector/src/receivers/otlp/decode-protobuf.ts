import type { Resource, Scope } from '@colloquy/schema';
import { ColloquyError } from '../../errors.js';
import { checkItemSize, type Draft, ItemList } from './items.js';
import { readLogRecord } from './protobuf-logs.js';
import { readSpan } from './protobuf-spans.js';
import { RESOURCE, SCOPE } from './protobuf-values.js';
import { type OtlpDecoder, type Signal, SIGNALS } from './signals.js';
import { delimited, type MessageFields, WireReader } from './wire-reader.js';

type ReadItem<Item> = (wire: WireReader, resource: Resource, scope: Scope, place: number) => Item;

interface RequestDraft {
  /** Reads one item into the list; not in the list's type, so that one table serves all lists. */
  readonly collect: (wire: WireReader, resource: Resource, scope: Scope) => void;
}

interface ResourceBlock extends RequestDraft {
  readonly resource: Draft<Resource>;
}

interface ScopeBlock extends ResourceBlock {
  readonly scope: Draft<Scope>;
}

/** What a resource or a scope counts as; see `MAX_VALUES`. */
const BLOCK_VALUES = 10;

/**
 * `ScopeSpans` and `ScopeLogs` have the same field numbers, and so have the messages around
 * them. The schema URL comes after the items, which therefore hold an object yet to be filled.
 */
const SCOPE_BLOCK: MessageFields<ScopeBlock> = {
  [delimited(1)]: (wire, block) => wire.message(SCOPE, block.scope),
  [delimited(2)]: (wire, block) => block.collect(wire, block.resource, block.scope),
  [delimited(3)]: (wire, block) => (block.scope.schemaUrl = wire.string()),
};

const RESOURCE_BLOCK: MessageFields<ResourceBlock> = {
  [delimited(1)]: (wire, block) => wire.message(RESOURCE, block.resource),
  [delimited(2)]: (wire, { collect, resource }) => {
    wire.hold(BLOCK_VALUES);
    wire.message(SCOPE_BLOCK, { collect, resource, scope: newScope() });
  },
  [delimited(3)]: (wire, block) => (block.resource.schemaUrl = wire.string()),
};

const REQUEST: MessageFields<RequestDraft> = {
  [delimited(1)]: (wire, { collect }) => {
    wire.hold(BLOCK_VALUES);
    wire.message(RESOURCE_BLOCK, { collect, resource: newResource() });
  },
};

const newResource = (): Draft<Resource> => ({ attributes: new Map(), schemaUrl: '' });

const newScope = (): Draft<Scope> => ({
  name: '',
  version: '',
  attributes: new Map(),
  schemaUrl: '',
});

function readItems<Item>(
  signal: Signal,
  request: WireReader,
  readItem: ReadItem<Item>,
): ItemList<Item> {
  const list = new ItemList<Item>();
  const collect: RequestDraft['collect'] = (wire, resource, scope) => {
    const start = wire.pos;
    const kept = list.collect((place) => {
      checkItemSize(wire.nextSize());
      return readItem(wire, resource, scope, place);
    });
    if (!kept) wire.skipDelimitedAt(start);
  };
  readRequest(signal, request, REQUEST, { collect });
  return list;
}

function readRequest<Into>(
  signal: Signal,
  wire: WireReader,
  fields: MessageFields<Into>,
  into: Into,
): Into {
  try {
    return wire.fields(fields, into);
  } catch (cause) {
    if (cause instanceof ColloquyError) throw cause;
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    const message = `The body is no protobuf request with ${SIGNALS[signal].noun}: ${reason}`;
    throw new ColloquyError('INVALID_OTLP', message, { cause });
  }
}

interface PointCount {
  dataPoints: number;
}

/** Gauge, sum, histogram, exponential histogram and summary all have their points in field 1. */
const POINTS: MessageFields<PointCount> = {
  [delimited(1)]: (wire, count) => {
    wire.skipDelimitedAt(wire.pos);
    count.dataPoints += 1;
  },
};

const METRIC: MessageFields<PointCount> = Object.fromEntries(
  [5, 7, 9, 10, 11].map((field) => [delimited(field), descendInto(POINTS)]),
);
const SCOPE_METRICS: MessageFields<PointCount> = { [delimited(2)]: descendInto(METRIC) };
const RESOURCE_METRICS: MessageFields<PointCount> = { [delimited(2)]: descendInto(SCOPE_METRICS) };
const METRICS_REQUEST: MessageFields<PointCount> = {
  [delimited(1)]: descendInto(RESOURCE_METRICS),
};

function descendInto(fields: MessageFields<PointCount>): MessageFields<PointCount>[number] {
  return (wire, count) => wire.message(fields, count);
}

const createDecoder = (wireOf: (body: Buffer) => WireReader): OtlpDecoder => ({
  traces: (body) => {
    const { items, rejections } = readItems('traces', wireOf(body), readSpan);
    return { signal: 'traces', items, rejections };
  },
  logs: (body) => {
    const { items, rejections } = readItems('logs', wireOf(body), readLogRecord);
    return { signal: 'logs', items, rejections };
  },
  metrics: (body) => {
    const { dataPoints } = readRequest('metrics', wireOf(body), METRICS_REQUEST, { dataPoints: 0 });
    return { signal: 'metrics', dataPoints };
  },
});

/**
 * Reads `Export…ServiceRequest` messages in protobuf, in one pass over the bytes.
 * @see https://github.com/open-telemetry/opentelemetry-proto/tree/v1.11.0
 */
export const PROTOBUF_DECODER: OtlpDecoder = createDecoder((body) => new WireReader(body));

/** The same but for texts, which come out empty: finds what can be read for a fraction of the time. */
export const PROTOBUF_CHECKER: OtlpDecoder = createDecoder((body) => new WireReader(body, true));
