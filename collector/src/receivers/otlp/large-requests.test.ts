import { describe, expect, test } from 'vitest';
import { ColloquyError } from '../../errors.js';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_CHECKER, PROTOBUF_DECODER } from './decode-protobuf.js';
import { MAX_ITEM_BYTES, MAX_ITEMS, MAX_VALUES } from './items.js';
import {
  attribute,
  jsonLogs,
  jsonTraces,
  protobufRequest,
  spanJson,
  spanMessage,
} from './sample-requests.js';

const LARGE = 'x'.repeat(MAX_ITEM_BYTES);
const LARGER = new RegExp(`^item 1: it has \\d+ bytes, and at most ${MAX_ITEM_BYTES} are taken$`);

/** Fields of nothing, two bytes each. */
const empty = (field: number, count: number): Buffer =>
  Buffer.alloc(2 * count, Buffer.from([(field << 3) | 2, 0]));

describe.each([
  ['checker', PROTOBUF_CHECKER],
  ['decoder', PROTOBUF_DECODER],
])('the protobuf %s', (_, decoder) => {
  test('refuses a span alone that is too large', () => {
    const large = spanMessage([[9, attribute('text', [[1, LARGE]])]]);
    const { items, rejections } = decoder.traces(
      protobufRequest([spanMessage(), large, spanMessage()]),
    );
    expect(items).toHaveLength(2);
    expect(rejections).toEqual([{ reason: expect.stringMatching(LARGER) }]);
  });

  test('refuses a span alone of more values than memory has room for', () => {
    const events = Array.from({ length: MAX_VALUES / 10 }, () => [11, []] as const);
    const { items, rejections } = decoder.traces(
      protobufRequest([spanMessage(), spanMessage(events)]),
    );
    expect(items).toHaveLength(1);
    expect(rejections).toEqual([
      { reason: `item 1: the request holds more than ${MAX_VALUES} values` },
    ]);
  });

  test('refuses a request of too many resources', () => {
    const refuse = (): unknown => decoder.traces(empty(1, MAX_VALUES / 10 + 1));
    expect(refuse).toThrow(`more than ${MAX_VALUES} values`);
    expect(refuse).toThrow(ColloquyError);
  });

  test('refuses a request of too many items', () => {
    const spans = Array.from({ length: MAX_ITEMS + 1 }, () => []);
    expect(() => decoder.traces(protobufRequest(spans))).toThrow(
      `The request has more than ${MAX_ITEMS} items`,
    );
  });
});

describe('the JSON decoder', () => {
  test('refuses a span alone that is too large', () => {
    const large = spanJson({ attributes: [{ key: 'text', value: { stringValue: LARGE } }] });
    const { items, rejections } = JSON_DECODER.traces(jsonTraces([spanJson(), large, spanJson()]));
    expect(items).toHaveLength(2);
    expect(rejections).toEqual([{ reason: expect.stringMatching(LARGER) }]);
  });

  test('refuses what would take too much memory before it is parsed', () => {
    const values = Array.from({ length: MAX_VALUES }, () => ({}));
    const body = jsonLogs([{ body: { arrayValue: { values } } }]);
    expect(() => JSON_DECODER.logs(body)).toThrow(`more than ${MAX_VALUES} values`);
  });

  test('counts no brackets within texts', () => {
    const stringValue = '[{:\\"'.repeat(MAX_VALUES / 4);
    const { items } = JSON_DECODER.logs(jsonLogs([{ body: { stringValue } }]));
    expect(items).toMatchObject([{ body: stringValue }]);
  });
});
