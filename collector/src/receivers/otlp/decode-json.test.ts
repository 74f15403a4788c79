import { describe, expect, test } from 'vitest';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_DECODER } from './decode-protobuf.js';
import { MAX_VALUE_DEPTH } from './items.js';
import {
  bytesOfHex,
  jsonLogs,
  jsonTraces,
  protobufRequest,
  SPAN_ID,
  spanJson,
  spanMessage,
  START,
  TRACE_ID,
} from './sample-requests.js';

const decodeSpans = (...spans: unknown[]) => JSON_DECODER.traces(jsonTraces(spans));
const decodeRecords = (...records: unknown[]) => JSON_DECODER.logs(jsonLogs(records));
const spanWith = (more: object) => decodeSpans(spanJson(more)).items[0];
const valueOf = (value: unknown) =>
  spanWith({ attributes: [{ key: 'value', value }] })?.attributes.get('value');

const decodeSecret = () => JSON_DECODER.traces(Buffer.from('{"secret": hunter2}'));

const nestedMaps = (depth: number): object =>
  depth === 0
    ? { intValue: 1 }
    : { kvlistValue: { values: [{ key: 'k', value: nestedMaps(depth - 1) }] } };

describe('spans in JSON', () => {
  test('come out as the same spans in protobuf do', () => {
    const inProtobuf = PROTOBUF_DECODER.traces(protobufRequest([spanMessage()]));
    expect(decodeSpans(spanJson())).toEqual(inProtobuf);
  });

  test('may have names in snake_case', () => {
    const json = jsonTraces([spanJson()]).toString();
    const snakeJson = json.replace(/"([a-z]+[A-Za-z]+)":/g, (name) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    expect(snakeJson).toContain('"string_value"');
    expect(JSON_DECODER.traces(Buffer.from(snakeJson))).toEqual(decodeSpans(spanJson()));
  });

  test.each([
    ['upper-case hexadecimal', TRACE_ID.toUpperCase(), SPAN_ID.toUpperCase()],
    ['base64', bytesOfHex(TRACE_ID).toString('base64'), bytesOfHex(SPAN_ID).toString('base64')],
    [
      'URL-safe base64',
      bytesOfHex(TRACE_ID).toString('base64url'),
      bytesOfHex(SPAN_ID).toString('base64url'),
    ],
  ])('may have ids in %s', (_, traceId, spanId) => {
    expect(spanWith({ traceId, spanId })).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID });
  });

  test.each([
    ['strings', String(START)],
    ['numbers', START],
  ])('keep all digits of times sent as %s', (_, time) => {
    const json = jsonTraces([spanJson({ startTimeUnixNano: 'TIME' })]).toString();
    const written = typeof time === 'string' ? `"${time}"` : String(time);
    const { items } = JSON_DECODER.traces(Buffer.from(json.replace('"TIME"', written)));
    expect(items[0]?.startTimeUnixNano).toBe(START);
  });

  test.each([
    [{ kind: 2 }, { kind: 'Server' }],
    [{ kind: 'SPAN_KIND_SERVER' }, { kind: 'Server' }],
    [{ kind: 99 }, { kind: 'Unspecified' }],
    [{ kind: null }, { kind: 'Unspecified' }],
    [{ status: { code: 2, message: 'boom' } }, { statusCode: 'Error', statusMessage: 'boom' }],
    [{ status: { code: 'STATUS_CODE_OK' } }, { statusCode: 'Ok' }],
    [{ parentSpanId: '' }, { parentSpanId: undefined }],
    [{ parentSpanId: '0000000000000000' }, { parentSpanId: undefined }],
    [
      { flags: '257', droppedLinksCount: 4 },
      { flags: 257, droppedLinksCount: 4 },
    ],
    [
      { futureField: { a: 1 }, events: null },
      { name: 'chat', events: [] },
    ],
  ])('with %j have %j', (given, expected) => {
    expect(spanWith(given)).toMatchObject(expected);
  });

  test.each<[unknown, string]>([
    [5, 'the span is not an object'],
    [spanJson({ traceId: undefined }), 'the trace id is missing or all zero'],
    [spanJson({ spanId: '0000000000000000' }), 'the span id is missing or all zero'],
    [spanJson({ traceId: 'abc' }), 'traceId is not an id of 32 hexadecimal digits'],
    [spanJson({ traceId: SPAN_ID }), 'traceId is not an id of 32 hexadecimal digits'],
    [spanJson({ traceId: 7 }), 'traceId is not a string'],
    [spanJson({ name: {} }), 'name is not a string'],
    [spanJson({ kind: 'CLIENT' }), 'kind is not an integer'],
    [spanJson({ startTimeUnixNano: -1 }), 'startTimeUnixNano is not a time in nanoseconds'],
    [spanJson({ flags: 2 ** 32 }), 'flags is not an unsigned 32-bit integer'],
    [spanJson({ attributes: {} }), 'attributes is not a list'],
    [spanJson({ attributes: [{ key: 'a', value: 'b' }] }), 'value is not an object'],
    [spanJson({ events: [null] }), 'an event is not an object'],
    [
      spanJson({ attributes: [{ key: 'a', value: nestedMaps(MAX_VALUE_DEPTH + 1) }] }),
      `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`,
    ],
  ])('are rejected alone for %j', (bad, problem) => {
    const { items, rejections } = decodeSpans(spanJson(), bad, spanJson());
    expect(items).toHaveLength(2);
    expect(rejections).toEqual([{ reason: `item 1: ${problem}` }]);
  });
});

describe('values in JSON', () => {
  test.each<[unknown, unknown]>([
    [{}, null],
    [null, null],
    [{ stringValue: null }, null],
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, false],
    [{ intValue: '9223372036854775807' }, 2n ** 63n - 1n],
    [{ intValue: '-9223372036854775808' }, -(2n ** 63n)],
    [{ intValue: 0 }, 0n],
    [{ intValue: 1e300 }, 1e300],
    [{ doubleValue: 2 }, 2],
    [{ doubleValue: '1.5e3' }, 1500],
    [{ doubleValue: 'NaN' }, Number.NaN],
    [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ doubleValue: null }, Number.NaN],
    [{ bytesValue: 'AP8=' }, Uint8Array.of(0, 255)],
    [{ bytesValue: '_-8' }, Uint8Array.of(255, 239)],
    [{ arrayValue: {} }, []],
    [{ arrayValue: { values: [{}, { intValue: 1 }] } }, [null, 1n]],
    [
      { kvlistValue: { values: [{ key: '__proto__', value: {} }] } },
      new Map([['__proto__', null]]),
    ],
    [{ stringValue: 'cut \uD83D' }, 'cut \uFFFD'],
  ])('%j is read as %s', (value, expected) => {
    expect(valueOf(value)).toEqual(expected);
  });

  test.each([
    { stringValue: 1 },
    { boolValue: 'true' },
    { intValue: 1.5 },
    { intValue: '1x' },
    { doubleValue: 'one' },
    { bytesValue: 'not base64!' },
    { arrayValue: [] },
  ])('%j rejects its item', (value) => {
    const decoded = decodeSpans(spanJson({ attributes: [{ key: 'value', value }] }));
    expect(decoded).toMatchObject({ items: [], rejections: [{}] });
  });

  test('called __proto__ change no prototype', () => {
    JSON_DECODER.traces(Buffer.from('{"__proto__":{"polluted":1},"resourceSpans":[]}'));
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('log records in JSON', () => {
  test('may lack ids, and carry their place in the request', () => {
    const record = { observedTimeUnixNano: String(START), severityNumber: 'SEVERITY_NUMBER_INFO' };
    const { items } = decodeRecords(record, 'bad', { ...record, eventName: 'my.event' });
    expect(items.map(({ sequence }) => sequence)).toEqual([0, 2]);
    expect(items[0]).toMatchObject({
      traceId: undefined,
      timeUnixNano: START,
      severityNumber: 9,
      body: null,
    });
    expect(items[1]?.eventName).toBe('my.event');
  });

  test('are named by the older attribute when the field is missing', () => {
    const name = { key: 'event.name', value: { stringValue: 'gen_ai.choice' } };
    const { items } = decodeRecords({ attributes: [name] });
    expect(items[0]?.eventName).toBe('gen_ai.choice');
  });
});

describe('a metrics request in JSON', () => {
  test('is counted by data points of every kind', () => {
    const metrics = [
      { name: 'a', sum: { dataPoints: [{}, {}] } },
      { name: 'b', gauge: { dataPoints: [{}] } },
      { name: 'c', exponential_histogram: { data_points: [{}] } },
      { name: 'd' },
    ];
    const body = Buffer.from(
      JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    );
    expect(JSON_DECODER.metrics(body)).toEqual({ signal: 'metrics', dataPoints: 4 });
  });
});

describe('a body', () => {
  test('may begin with a byte order mark', () => {
    const { items } = JSON_DECODER.traces(
      Buffer.from(`\uFEFF${jsonTraces([spanJson()]).toString()}`),
    );
    expect(items).toHaveLength(1);
  });

  test.each(['', '[]', 'null', '"text"', '{', '{"resourceSpans":5}', '{"resourceSpans":[5]}'])(
    'of %j is refused as a whole',
    (text) => {
      expect(() => JSON_DECODER.traces(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'INVALID_OTLP' }),
      );
    },
  );

  test('is not quoted in the error', () => {
    expect(decodeSecret).toThrow(
      expect.objectContaining({ message: 'The body is not valid JSON' }),
    );
    expect(decodeSecret).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});
