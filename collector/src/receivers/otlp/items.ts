import {
  SPAN_KINDS,
  STATUS_CODES,
  type AttributeMap,
  type AttributeValue,
  type LogRecord,
  type Rejection,
  type Span,
  type SpanId,
  type SpanKind,
  type StatusCode,
  type TraceId,
  type UnixNano,
} from '@colloquy/schema';
import { ColloquyError } from '../../errors.js';

/** How deep lists and maps may nest in one value; a deeper one could exhaust the stack. */
export const MAX_VALUE_DEPTH = 100;

/** Bytes of one span or log record; a larger one is refused, and its neighbours are kept. */
export const MAX_ITEM_BYTES = 32 * 2 ** 20;

/** Items of one request: at 64 MiB there are fewer as soon as one has 670 bytes. */
export const MAX_ITEMS = 100_000;

/**
 * Values of one request, an attribute counted thrice and an event or link ten times, which is what they
 * take in memory. Two bytes may stand for an event of 250: without a limit a body of 64 MiB, compressed
 * to 60 kB, would be 8 GB.
 */
export const MAX_VALUES = 5_000_000;

/** An absent id. OTLP allows both no bytes and zeros; this is the one form used inside. */
export const NO_TRACE_ID = '0'.repeat(32) as TraceId;
export const NO_SPAN_ID = '0'.repeat(16) as SpanId;

/** A time that its sender did not write. */
export const NO_TIME = 0n as UnixNano;

/** Thrown while one item is read: that item is refused and its neighbours are kept. */
export class ItemRejection extends Error {
  override readonly name = 'ItemRejection';
}

/** The type as it is while being filled in; readers of the finished one see it read-only. */
export type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends AttributeMap
    ? Map<string, AttributeValue>
    : T[K] extends readonly (infer Item)[]
      ? Item[]
      : T[K];
};

export const TOO_MANY_VALUES = `the request holds more than ${MAX_VALUES} values`;

/** @throws ItemRejection when an item is too large to be stored and shown as one */
export function checkItemSize(bytes: number): void {
  if (bytes > MAX_ITEM_BYTES)
    throw new ItemRejection(`it has ${bytes} bytes, and at most ${MAX_ITEM_BYTES} are taken`);
}

/** The items of one request, and why some of them were refused. */
export class ItemList<Item> {
  readonly items: Item[] = [];
  readonly rejections: Rejection[] = [];

  /** Place of the next item in its request, refused ones counted. */
  get place(): number {
    return this.items.length + this.rejections.length;
  }

  /**
   * Keeps what `read` returns, or notes why it was refused.
   * @returns false when it was refused
   * @throws ColloquyError `BODY_TOO_LARGE` when there are too many
   */
  collect(read: (place: number) => Item): boolean {
    const { place } = this;
    if (place === MAX_ITEMS)
      throw new ColloquyError('BODY_TOO_LARGE', `The request has more than ${MAX_ITEMS} items`);
    try {
      this.items.push(read(place));
      return true;
    } catch (error) {
      if (!(error instanceof ItemRejection)) throw error;
      this.rejections.push({ reason: `item ${place}: ${error.message}` });
      return false;
    }
  }
}

/** @throws ItemRejection when the span has no usable trace or span id, and so cannot be placed */
export function checkSpan(span: Span): Span {
  if (span.traceId === NO_TRACE_ID) throw new ItemRejection('the trace id is missing or all zero');
  if (span.spanId === NO_SPAN_ID) throw new ItemRejection('the span id is missing or all zero');
  return span;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Fills in what older emitters write elsewhere: the time as observed, the name as attribute. */
export function completeLogRecord(record: Writable<LogRecord>): LogRecord {
  if (record.timeUnixNano === 0n) record.timeUnixNano = record.observedTimeUnixNano;
  const olderName = record.attributes.get('event.name');
  if (record.eventName === '' && typeof olderName === 'string') record.eventName = olderName;
  return record;
}

/** An unknown number is what a newer protocol would send, so it is no reason to refuse. */
export const spanKindOf = (value: number): SpanKind => SPAN_KINDS[value] ?? 'Unspecified';

export const statusCodeOf = (value: number): StatusCode => STATUS_CODES[value] ?? 'Unset';

/** The id, or `undefined` where the sender wrote none. */
export const presentId = <Id extends TraceId | SpanId>(id: Id): Id | undefined =>
  id === NO_TRACE_ID || id === NO_SPAN_ID ? undefined : id;
