import type { Attributes, AttributeValue, SpanContext } from '@opentelemetry/api';
import type { RecordedSpan } from './span.js';
import type { InstrumentationScope } from './tracer-provider.js';

/** A value of OTLP; `undefined` for what is none. */
function encodeValue(value: unknown): object | undefined {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Number.isSafeInteger(value)) return { intValue: value };
  if (Number.isFinite(value)) return { doubleValue: value };
  if (!Array.isArray(value)) return undefined;
  return { arrayValue: { values: value.map((item: AttributeValue) => encodeValue(item) ?? {}) } };
}

const encodeAttributes = (attributes: Attributes = {}): readonly object[] =>
  Object.entries(attributes).flatMap(([key, attribute]) => {
    const value = encodeValue(attribute);
    return value === undefined ? [] : [{ key, value }];
  });

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** The W3C flags, and above them whether the parent or the linked span is of another process. */
const encodeFlags = (traceFlags: number, other: SpanContext | undefined): number =>
  traceFlags | HAS_IS_REMOTE | (other?.isRemote === true ? IS_REMOTE : 0);

/**
 * A span as a `ScopeSpans` of OTLP/JSON, to stand in a request beside others. Pure.
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (protocol 1.11.0)
 */
export function encodeSpan(span: RecordedSpan, { name, version }: InstrumentationScope): string {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  return JSON.stringify({
    scope: { name, version },
    spans: [
      {
        traceId,
        spanId,
        traceState: traceState?.serialize(),
        parentSpanId: span.parent?.spanId,
        flags: encodeFlags(traceFlags, span.parent),
        name: span.name,
        kind: span.kind + 1,
        startTimeUnixNano: String(span.startTimeUnixNano),
        endTimeUnixNano: String(span.endTimeUnixNano),
        attributes: encodeAttributes(span.attributes),
        events: span.events.map((event) => ({
          name: event.name,
          timeUnixNano: String(event.timeUnixNano),
          attributes: encodeAttributes(event.attributes),
        })),
        links: span.links.map(({ context: linked, attributes }) => ({
          traceId: linked.traceId,
          spanId: linked.spanId,
          traceState: linked.traceState?.serialize(),
          flags: encodeFlags(linked.traceFlags, linked),
          attributes: encodeAttributes(attributes),
        })),
        status: span.status,
      },
    ],
  });
}

/** The beginning and the end of a request, between which spans stand. */
export function encodeEnvelope(resource: Attributes): readonly [head: string, tail: string] {
  const attributes = JSON.stringify(encodeAttributes(resource));
  return [`{"resourceSpans":[{"resource":{"attributes":${attributes}},"scopeSpans":[`, ']}]}'];
}
