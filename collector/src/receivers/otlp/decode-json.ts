import type { Resource, Scope } from '@colloquy/schema';
import { ColloquyError } from '../../errors.js';
import { checkItemSize, ItemList, ItemRejection, MAX_ITEM_BYTES, MAX_VALUES } from './items.js';
import { hasMoreValues } from '../../json-size.js';
import { asObject, type JsonObject, readList, readObject, readText } from './json-fields.js';
import { readLogRecord, readSpan } from './json-items.js';
import { readResource, readScope } from './json-values.js';
import { quoteLongIntegers } from './quote-long-integers.js';
import { type OtlpDecoder, type Signal, SIGNALS } from './signals.js';

type ReadItem<Item> = (value: unknown, resource: Resource, scope: Scope, place: number) => Item;

/** What the nested lists of a request are called. */
interface BlockNames {
  readonly resourceBlocks: string;
  readonly scopeBlocks: string;
  readonly items: string;
}

const BLOCKS: Readonly<Record<Signal, BlockNames>> = {
  traces: { resourceBlocks: 'resourceSpans', scopeBlocks: 'scopeSpans', items: 'spans' },
  logs: { resourceBlocks: 'resourceLogs', scopeBlocks: 'scopeLogs', items: 'logRecords' },
  metrics: { resourceBlocks: 'resourceMetrics', scopeBlocks: 'scopeMetrics', items: 'metrics' },
};

const METRIC_KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

/** Wrong bytes become U+FFFD, and a byte order mark is passed over. */
const utf8 = new TextDecoder();

/** The body as JSON that keeps all digits. @throws ColloquyError `INVALID_OTLP`, `BODY_TOO_LARGE` */
export function parseBody(body: Buffer): JsonObject {
  const text = utf8.decode(body);
  if (hasMoreValues(text, MAX_VALUES))
    throw new ColloquyError('BODY_TOO_LARGE', `The body holds more than ${MAX_VALUES} values`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(quoteLongIntegers(text));
  } catch {
    // Without `cause`: its message quotes the body, and content must not get into logs.
    throw new ColloquyError('INVALID_OTLP', 'The body is not valid JSON');
  }
  return asObject(parsed, 'the body');
}

/** A wrong type outside any item leaves nothing to keep, so it refuses the whole request. */
export function refuseWhole<T>(signal: Signal, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ItemRejection)) throw cause;
    const message = `The body is no JSON request with ${SIGNALS[signal].noun}: ${cause.message}`;
    throw new ColloquyError('INVALID_OTLP', message, { cause });
  }
}

/** The items of a list, which have to be objects. */
export const readObjects = (source: JsonObject, name: string): readonly JsonObject[] =>
  readList(source, name).map((value) => asObject(value, `an item of ${name}`));

function readItems<Item>(signal: Signal, body: Buffer, readItem: ReadItem<Item>): ItemList<Item> {
  const { resourceBlocks, scopeBlocks, items } = BLOCKS[signal];
  const list = new ItemList<Item>();
  for (const resourceBlock of readObjects(parseBody(body), resourceBlocks)) {
    const schemaUrl = readText(resourceBlock, 'schemaUrl');
    const resource = readResource(readObject(resourceBlock, 'resource'), schemaUrl);
    for (const scopeBlock of readObjects(resourceBlock, scopeBlocks)) {
      const scope = readScope(readObject(scopeBlock, 'scope'), readText(scopeBlock, 'schemaUrl'));
      for (const item of readList(scopeBlock, items)) {
        list.collect((place) => {
          // Only then can there be one that is too large.
          if (body.length > MAX_ITEM_BYTES) checkItemSize(sizeOf(item));
          return readItem(item, resource, scope, place);
        });
      }
    }
  }
  return list;
}

const sizeOf = (item: unknown): number => Buffer.byteLength(JSON.stringify(item));

const readDataPoints = (metric: JsonObject): number =>
  METRIC_KINDS.map((kind) => readList(readObject(metric, kind), 'dataPoints').length).reduce(
    (sum, count) => sum + count,
  );

function countDataPoints(body: Buffer): number {
  const { resourceBlocks, scopeBlocks, items } = BLOCKS.metrics;
  return readObjects(parseBody(body), resourceBlocks)
    .flatMap((block) => readObjects(block, scopeBlocks))
    .flatMap((block) => readObjects(block, items))
    .reduce((sum, metric) => sum + readDataPoints(metric), 0);
}

/**
 * Reads `Export…ServiceRequest` messages in JSON, and what senders write instead: names in
 * snake_case, ids in base64, 64-bit integers as numbers, enumerations by name. Unknown fields
 * are passed over.
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export const JSON_DECODER: OtlpDecoder = {
  traces: (body) =>
    refuseWhole('traces', () => {
      const { items, rejections } = readItems('traces', body, readSpan);
      return { signal: 'traces', items, rejections };
    }),
  logs: (body) =>
    refuseWhole('logs', () => {
      const { items, rejections } = readItems('logs', body, readLogRecord);
      return { signal: 'logs', items, rejections };
    }),
  metrics: (body) =>
    refuseWhole('metrics', () => ({ signal: 'metrics', dataPoints: countDataPoints(body) })),
};
