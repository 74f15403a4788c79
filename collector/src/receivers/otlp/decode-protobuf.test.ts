import { describe, expect, test } from 'vitest';
import { PROTOBUF_DECODER } from './decode-protobuf.js';
import { MAX_VALUE_DEPTH } from './items.js';
import {
  attribute,
  bytesOfHex,
  encodeMessage,
  type Message,
  protobufRequest,
  SECOND_SPAN_ID,
  SPAN_ID,
  spanMessage,
  START,
  TRACE_ID,
} from './sample-requests.js';

const decodeSpans = (...spans: Message[]) => PROTOBUF_DECODER.traces(protobufRequest(spans));
const decodeRecords = (...records: Message[]) => PROTOBUF_DECODER.logs(protobufRequest(records));

const valueOf = (value: Message) => {
  const decoded = decodeSpans(spanMessage([[9, attribute('value', value)]]));
  return decoded.items[0]?.attributes.get('value');
};

const nestedArrays = (depth: number): Message =>
  depth === 0 ? [[3, 1]] : [[5, [[1, nestedArrays(depth - 1)]]]];

const metric = (kind: number, points: number): Message => [
  [1, 'name'],
  [kind, Array.from({ length: points }, () => [1, [[3, START]]] as const)],
];

describe('spans in protobuf', () => {
  test('come out with all their fields', () => {
    const event: Message = [
      [1, START + 1n],
      [2, 'token'],
      [3, attribute('n', [[3, 1]])],
      [4, 2],
    ];
    const link: Message = [
      [1, bytesOfHex(TRACE_ID)],
      [2, bytesOfHex(SECOND_SPAN_ID)],
      [3, 'a=b'],
    ];
    const { items, rejections } = decodeSpans(
      spanMessage([
        [3, 'vendor=1'],
        [4, bytesOfHex(SECOND_SPAN_ID)],
        [10, 1],
        [11, event],
        [12, 2],
        [13, link],
        [14, 3],
        [
          15,
          [
            [2, 'boom'],
            [3, 2],
          ],
        ],
      ]),
    );
    expect(rejections).toEqual([]);
    expect(items).toEqual([
      {
        resource: {
          attributes: new Map([['service.name', 'shop']]),
          schemaUrl: 'https://example.test/resource',
        },
        scope: {
          name: 'tracer',
          version: '1.0',
          attributes: new Map(),
          schemaUrl: 'https://example.test/scope',
        },
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        parentSpanId: SECOND_SPAN_ID,
        traceState: 'vendor=1',
        flags: 0,
        name: 'chat',
        kind: 'Client',
        startTimeUnixNano: START,
        endTimeUnixNano: START + 5n,
        attributes: new Map<string, unknown>([
          ['gen_ai.request.model', 'gpt-4o'],
          ['gen_ai.usage.input_tokens', 12n],
          ['tags', ['a', true]],
        ]),
        events: [
          {
            name: 'token',
            timeUnixNano: START + 1n,
            attributes: new Map([['n', 1n]]),
            droppedAttributesCount: 2,
          },
        ],
        links: [
          {
            traceId: TRACE_ID,
            spanId: SECOND_SPAN_ID,
            traceState: 'a=b',
            attributes: new Map(),
            droppedAttributesCount: 0,
          },
        ],
        statusCode: 'Error',
        statusMessage: 'boom',
        droppedAttributesCount: 1,
        droppedEventsCount: 2,
        droppedLinksCount: 3,
      },
    ]);
  });

  test('share the objects of their resource and scope', () => {
    const { items } = decodeSpans(spanMessage(), spanMessage());
    expect(items[0]?.resource).toBe(items[1]?.resource);
    expect(items[0]?.scope).toBe(items[1]?.scope);
  });

  test.each<[string, Message, string]>([
    ['a missing trace id', [[2, bytesOfHex(SPAN_ID)]], 'the trace id is missing or all zero'],
    ['a zero span id', spanMessage([[2, new Uint8Array(8)]]), 'the span id is missing or all zero'],
    [
      'a short trace id',
      spanMessage([[1, new Uint8Array(15)]]),
      'an id has 15 bytes instead of 16',
    ],
    [
      'an id of a wrong wire type',
      [
        [1, 5],
        [2, 5],
      ],
      'the trace id is missing or all zero',
    ],
    [
      'a value nested too deep',
      spanMessage([[9, attribute('deep', nestedArrays(MAX_VALUE_DEPTH + 1))]]),
      `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`,
    ],
  ])('are rejected alone for %s', (_, bad, problem) => {
    const { items, rejections } = decodeSpans(spanMessage(), bad, spanMessage());
    expect(items).toHaveLength(2);
    expect(rejections).toEqual([{ reason: `item 1: ${problem}` }]);
  });

  test('may have unknown fields, of which nothing is kept', () => {
    const plain = decodeSpans(spanMessage());
    expect(
      decodeSpans(
        spanMessage([
          [200, 'new'],
          [201, 7],
          [202, 8n],
        ]),
      ),
    ).toEqual(plain);
  });

  test('take a parent of zeros as none', () => {
    const { items } = decodeSpans(spanMessage([[4, new Uint8Array(8)]]));
    expect(items[0]?.parentSpanId).toBeUndefined();
  });
});

describe('values in protobuf', () => {
  test.each<[string, Message, unknown]>([
    ['an empty value', [], null],
    ['an empty string', [[1, '']], ''],
    ['false', [[2, 0]], false],
    ['a negative int64', [[3, -1]], -1n],
    ['an int64 beyond 32 bits', [[3, 2 ** 40]], 2n ** 40n],
    ['a double', [[4, 0x3ff8_0000_0000_0000n]], 1.5],
    ['NaN', [[4, 0x7ff8_0000_0000_0000n]], Number.NaN],
    ['bytes', [[7, Uint8Array.of(1, 255)]], Uint8Array.of(1, 255)],
    ['an empty list', [[5, []]], []],
    ['a map', [[6, [[1, attribute('__proto__', [[1, 'x']])]]]], new Map([['__proto__', 'x']])],
    ['text that is no UTF-8', [[1, Uint8Array.of(0x61, 0xff, 0x62)]], 'a\uFFFDb'],
    ['the deepest value allowed', nestedArrays(2), [[1n]]],
  ])('can be %s', (_, message, value) => {
    expect(valueOf(message)).toEqual(value);
  });

  test.each([
    ['the greatest int64', 'ffffffffffffffff7f', 2n ** 63n - 1n],
    ['the smallest int64', '80808080808080808001', -(2n ** 63n)],
  ])('can be %s', (_, hex, value) => {
    const message = Buffer.concat([Buffer.from([0x18]), bytesOfHex(hex)]);
    const pair = encodeMessage([
      [1, 'value'],
      [2, message],
    ]);
    const { items } = decodeSpans(spanMessage([[9, pair]]));
    expect(items[0]?.attributes.get('value')).toBe(value);
  });

  test('do not keep the request in memory through their bytes', () => {
    const bytes = valueOf([[7, Uint8Array.of(1)]]);
    expect(bytes).toHaveProperty('buffer.byteLength', 1);
  });
});

describe('log records in protobuf', () => {
  test('may lack ids, and carry their place in the request', () => {
    const good: Message = [
      [11, START],
      [2, 9],
      [3, 'INFO'],
      [5, [[1, 'hello']]],
      [12, 'my.event'],
    ];
    const bad: Message = [[9, new Uint8Array(3)]];
    const { items, rejections } = decodeRecords(good, bad, good);
    expect(items.map(({ sequence }) => sequence)).toEqual([0, 2]);
    expect(rejections).toEqual([{ reason: 'item 1: an id has 3 bytes instead of 16' }]);
    expect(items[0]).toMatchObject({
      traceId: undefined,
      spanId: undefined,
      timeUnixNano: START,
      observedTimeUnixNano: START,
      severityNumber: 9,
      severityText: 'INFO',
      body: 'hello',
      eventName: 'my.event',
    });
  });

  test('are named by the older attribute when the field is empty', () => {
    const { items } = decodeRecords([[6, attribute('event.name', [[1, 'gen_ai.choice']])]]);
    expect(items[0]?.eventName).toBe('gen_ai.choice');
  });
});

describe('a metrics request in protobuf', () => {
  test('is counted by data points of every kind', () => {
    const kinds = [5, 7, 9, 10, 11].map((kind) => metric(kind, kind));
    expect(PROTOBUF_DECODER.metrics(protobufRequest(kinds))).toEqual({
      signal: 'metrics',
      dataPoints: 5 + 7 + 9 + 10 + 11,
    });
  });
});

describe('a body', () => {
  test('of no bytes is an empty request', () => {
    const decoded = PROTOBUF_DECODER.traces(Buffer.alloc(0));
    expect(decoded).toEqual({ signal: 'traces', items: [], rejections: [] });
  });

  test.each([
    ['is cut', protobufRequest([spanMessage()]).subarray(0, -1)],
    ['has a message longer than the one around it', bytesOfHex('0a0212ff')],
    ['is JSON', Buffer.from('{"resourceSpans":[]}')],
  ])('that %s is refused as a whole', (_, body) => {
    expect(() => PROTOBUF_DECODER.traces(body)).toThrow(
      expect.objectContaining({ code: 'INVALID_OTLP' }),
    );
  });
});
