import protobuf from 'protobufjs/minimal.js';

// Requests for tests, written field by field so that they can also be wrong.

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';
export const SECOND_SPAN_ID = '00f067aa0ba902b7';
export const START = 1_700_000_000_000_000_001n;

/** A string or bytes (delimited), a number (varint), a bigint (fixed64), or a message. */
type FieldValue = string | Uint8Array | number | bigint | Message;
export interface Message extends ReadonlyArray<readonly [field: number, value: FieldValue]> {}

export const bytesOfHex = (hex: string): Buffer => Buffer.from(hex, 'hex');

function writeFields(writer: protobuf.Writer, message: Message): protobuf.Writer {
  for (const [field, value] of message) {
    const tag = field << 3;
    if (typeof value === 'number') writer.uint32(tag).int64(value);
    else if (typeof value === 'string') writer.uint32(tag | 2).string(value);
    else if (typeof value === 'bigint') writer.uint32(tag | 1).fixed64(String(value));
    else if (value instanceof Uint8Array) writer.uint32(tag | 2).bytes(value);
    else writeFields(writer.uint32(tag | 2).fork(), value).ldelim();
  }
  return writer;
}

export const encodeMessage = (message: Message): Buffer =>
  Buffer.from(writeFields(protobuf.Writer.create(), message).finish());

export const attribute = (key: string, value: Message): Message => [
  [1, key],
  [2, value],
];

/** The fields of a good span; `more` come after them, and so win. */
export const spanMessage = (more: Message = []): Message => [
  [1, bytesOfHex(TRACE_ID)],
  [2, bytesOfHex(SPAN_ID)],
  [5, 'chat'],
  [6, 3],
  [7, START],
  [8, START + 5n],
  [9, attribute('gen_ai.request.model', [[1, 'gpt-4o']])],
  [9, attribute('gen_ai.usage.input_tokens', [[3, 12]])],
  [
    9,
    attribute('tags', [
      [
        5,
        [
          [1, [[1, 'a']]],
          [1, [[2, 1]]],
        ],
      ],
    ]),
  ],
  ...more,
];

/** A request of one resource and one scope; field numbers are the same for spans and logs. */
const requestMessage = (items: readonly Message[]): Message => [
  [
    1,
    [
      [1, [[1, attribute('service.name', [[1, 'shop']])]]],
      [
        2,
        [
          [
            1,
            [
              [1, 'tracer'],
              [2, '1.0'],
            ],
          ],
          ...items.map((item) => [2, item] as const),
          [3, 'https://example.test/scope'],
        ],
      ],
      [3, 'https://example.test/resource'],
    ],
  ],
];

export const protobufRequest = (items: readonly Message[]): Buffer =>
  encodeMessage(requestMessage(items));

/** The same span as `spanMessage` in OTLP's JSON. */
export const spanJson = (more: object = {}): object => ({
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  name: 'chat',
  kind: 3,
  startTimeUnixNano: String(START),
  endTimeUnixNano: String(START + 5n),
  attributes: [
    { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } },
    {
      key: 'tags',
      value: { arrayValue: { values: [{ stringValue: 'a' }, { boolValue: true }] } },
    },
  ],
  ...more,
});

const blockJson = (itemsName: string, items: readonly unknown[]): object => ({
  scope: { name: 'tracer', version: '1.0' },
  schemaUrl: 'https://example.test/scope',
  [itemsName]: items,
});

const resourceJson = {
  resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
  schemaUrl: 'https://example.test/resource',
};

const toBytes = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

export const jsonTraces = (spans: readonly unknown[]): Buffer =>
  toBytes({ resourceSpans: [{ ...resourceJson, scopeSpans: [blockJson('spans', spans)] }] });

export const jsonLogs = (records: readonly unknown[]): Buffer =>
  toBytes({ resourceLogs: [{ ...resourceJson, scopeLogs: [blockJson('logRecords', records)] }] });
