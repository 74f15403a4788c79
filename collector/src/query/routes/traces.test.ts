import type { AttributeMap, AttributeValue, LogRecord, Span, TraceId } from '@colloquy/schema';
import { type TraceAnswer, traceShape } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecording, RECORDED_PRODUCERS } from '../../recordings/load-recording.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { telemetryOf } from '../testing/vary.js';

let store: TestStore;
let asker: Asker;
const recordings = RECORDED_PRODUCERS.map((producer) => loadRecording(producer));

beforeAll(async () => {
  store = await openTestStore();
  for (const recording of recordings) await store.write(telemetryOf(recording));
  asker = createAsker(store);
});
afterAll(() => store.close());

/** What JSON can say of a value: integers beyond 2^53 as text, bytes as base64. */
function toJson(value: AttributeValue): unknown {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  return attributesJson(value as AttributeMap);
}
const attributesJson = (attributes: AttributeMap): Record<string, unknown> =>
  Object.fromEntries([...attributes].map(([key, value]) => [key, toJson(value)]));

const timeJson = (nano: bigint): string => {
  const [whole] = new Date(Number(nano / 1_000_000n)).toISOString().split('.');
  return `${whole}.${String(nano % 1_000_000_000n).padStart(9, '0')}Z`;
};

const common = ({ resource, scope, attributes, droppedAttributesCount }: Span | LogRecord) => ({
  resource: { schema_url: resource.schemaUrl, attributes: attributesJson(resource.attributes) },
  scope: {
    name: scope.name,
    version: scope.version,
    schema_url: scope.schemaUrl,
    attributes: attributesJson(scope.attributes),
  },
  attributes: attributesJson(attributes),
  dropped_attributes_count: droppedAttributesCount,
});

const spanJson = (span: Span) => ({
  ...common(span),
  trace_id: span.traceId,
  span_id: span.spanId,
  parent_span_id: span.parentSpanId ?? null,
  trace_state: span.traceState,
  flags: span.flags,
  name: span.name,
  kind: span.kind,
  start_time: timeJson(span.startTimeUnixNano),
  end_time: timeJson(span.endTimeUnixNano),
  duration_ns: Number(span.endTimeUnixNano - span.startTimeUnixNano),
  status_code: span.statusCode,
  status_message: span.statusMessage,
  events: span.events.map(({ name, timeUnixNano, attributes }) => ({
    name,
    time: timeJson(timeUnixNano),
    attributes: attributesJson(attributes),
  })),
  links: span.links.map(({ traceId, spanId, traceState, attributes }) => ({
    trace_id: traceId,
    span_id: spanId,
    trace_state: traceState,
    attributes: attributesJson(attributes),
  })),
  dropped_events_count: span.droppedEventsCount,
  dropped_links_count: span.droppedLinksCount,
});

const logJson = (log: LogRecord) => ({
  ...common(log),
  trace_id: log.traceId,
  span_id: log.spanId ?? null,
  time: timeJson(log.timeUnixNano),
  observed_time: timeJson(log.observedTimeUnixNano),
  flags: log.flags,
  severity_number: log.severityNumber,
  severity_text: log.severityText,
  event_name: log.eventName,
  body: toJson(log.body),
});

const ask = (traceId: string): Promise<TraceAnswer> => asker.get(traceShape, `/traces/${traceId}`);

const isInTreeOrder = ({ spans }: TraceAnswer): boolean =>
  spans.every(({ parent_span_id, depth }, index) => {
    const parent = spans.slice(0, index).find(({ span_id }) => span_id === parent_span_id);
    return depth === (parent === undefined ? 0 : parent.depth + 1);
  });

describe('GET /traces/{trace_id}', () => {
  test.each(recordings)('gives back all that arrived: $producer', async (recording) => {
    const { spans, logs } = telemetryOf(recording);
    for (const traceId of new Set(spans.map((span) => span.traceId))) {
      const trace = await ask(traceId);
      const own = spans.filter((span) => span.traceId === traceId).map(spanJson);
      expect(trace.spans).toHaveLength(own.length);
      expect(isInTreeOrder(trace)).toBe(true);
      for (const span of own)
        expect(trace.spans.find(({ span_id }) => span_id === span.span_id)).toMatchObject(span);
      for (const { span_id, attributes } of own)
        expect(trace.spans.find((span) => span.span_id === span_id)?.attributes).toEqual(
          attributes,
        );
      const ownLogs = logs.filter((log) => log.traceId === traceId).map(logJson);
      expect(trace.logs).toHaveLength(ownLogs.length);
      for (const log of ownLogs) expect(trace.logs).toContainEqual(expect.objectContaining(log));
      expect(trace.thread_id).toBe(recording.expected.threadId);
      expect(trace.thread_candidates[0]).toMatchObject({ thread_id: trace.thread_id });
    }
  });

  test('keeps values that JSON, a fold or a careless copy would change', async () => {
    const [base] = telemetryOf(loadRecording('ai-v6')).spans;
    if (base === undefined) throw new Error('no span on file');
    const text =
      'A text that is long enough to be stored once, \ue000 and \ue001 in it, \ue000\ue001 too.';
    const attributes = new Map<string, AttributeValue>([
      [
        'gen_ai.input.messages',
        JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]),
      ],
      ['copy', text],
      ['nested', JSON.stringify({ again: JSON.stringify({ text }) })],
      ['big', 9_223_372_036_854_775_807n],
      ['int', 7n],
      ['double', 0.5],
      ['nan', Number.NaN],
      ['no', false],
      ['nothing', null],
      ['empty', ''],
      ['bytes', new Uint8Array([0, 255])],
      ['list', ['a', 1n, [true, null], new Map([['k', new Uint8Array([1])]])]],
      ['__proto__', 'a key like any other'],
    ]);
    const traceId = 'f'.repeat(32) as TraceId;
    const resource = {
      schemaUrl: '',
      attributes: new Map([
        ['copy', text],
        ['mark', '\ue0000ji0.0\ue001'],
      ]),
    };
    const events = [
      { name: 'e', timeUnixNano: base.startTimeUnixNano, attributes, droppedAttributesCount: 0 },
    ];
    const span: Span = { ...base, traceId, resource, attributes, events };
    await store.write({ spans: [span], logs: [] });
    // Not through the shape: zod leaves a key named __proto__ out.
    const response = await asker.request(`/traces/${traceId.toUpperCase()}`);
    const trace = (await response.json()) as TraceAnswer;
    expect(JSON.stringify(trace.spans[0]?.attributes)).toBe(
      JSON.stringify(attributesJson(attributes)),
    );
    expect(trace.spans[0]).toMatchObject(spanJson(span));
    expect(trace.spans[0]?.attribute_types).toMatchObject({ '/int': 'int', '/bytes': 'bytes' });
  });

  test('opens a ring, and shows a span without its parent as a root', async () => {
    const [base] = telemetryOf(loadRecording('ai-v6')).spans;
    if (base === undefined) throw new Error('no span on file');
    const traceId = 'e'.repeat(32) as TraceId;
    const withIds = (spanId: string, parent: string): Span =>
      ({ ...base, traceId, spanId: spanId.repeat(16), parentSpanId: parent.repeat(16) }) as Span;
    const spans = [withIds('1', '2'), withIds('2', '1'), withIds('3', '9'), withIds('4', '3')];
    await store.write({ spans, logs: [] });
    const depths = (await ask(traceId)).spans.map(({ span_id, depth }) => [span_id[0], depth]);
    expect(depths).toEqual([
      ['1', 0],
      ['2', 1],
      ['3', 0],
      ['4', 1],
    ]);
  });

  test('refuses what is no trace id and does not know what never arrived', async () => {
    expect(await asker.getProblem('/traces/xyz')).toMatchObject({
      status: 400,
      errors: [{ parameter: 'trace_id' }],
    });
    expect(await asker.getProblem(`/traces/${'0'.repeat(32)}`)).toMatchObject({ status: 404 });
  });
});
