import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ColloquyError } from '../../errors.js';
import { JSON_DECODER } from './decode-json.js';
import { PROTOBUF_DECODER } from './decode-protobuf.js';
import {
  bytesOfHex,
  jsonLogs,
  jsonTraces,
  protobufRequest,
  spanJson,
  spanMessage,
} from './sample-requests.js';
import { type OtlpDecoder, SIGNAL_NAMES } from './signals.js';

const RUNS = { numRuns: 2_000 };

/** True when the bytes are decoded or refused as no OTLP, whichever; any other error is a bug. */
function isAnswered(decoder: OtlpDecoder, bytes: Uint8Array): boolean {
  return SIGNAL_NAMES.every((signal) => {
    try {
      return decoder[signal](Buffer.from(bytes)).signal === signal;
    } catch (error) {
      if (error instanceof ColloquyError) return error.code === 'INVALID_OTLP';
      throw error;
    }
  });
}

const DECODERS = [
  ['protobuf', PROTOBUF_DECODER, protobufRequest([spanMessage(), spanMessage([[15, [[3, 2]]]])])],
  ['JSON', JSON_DECODER, jsonTraces([spanJson(), spanJson({ status: { code: 2 } })])],
] as const;

describe.each(DECODERS)('the %s decoder survives', (_, decoder, valid) => {
  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(isAnswered(decoder, bytes)).toBe(true);
      }),
      RUNS,
    );
  });

  test('every truncation of a request', () => {
    for (let length = 0; length < valid.length; length += 1) {
      expect(isAnswered(decoder, valid.subarray(0, length))).toBe(true);
    }
  });

  test('a request with one other byte', () => {
    const place = fc.nat({ max: valid.length - 1 });
    fc.assert(
      fc.property(place, fc.nat({ max: 255 }), (index, byte) => {
        const mutated = Buffer.from(valid);
        mutated[index] = byte;
        expect(isAnswered(decoder, mutated)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('the JSON decoder survives', () => {
  test('any JSON, where a request has it', () => {
    const json = fc.jsonValue();
    fc.assert(
      fc.property(json, fc.constantFrom(...Object.keys(spanJson())), (value, name) => {
        expect(isAnswered(JSON_DECODER, Buffer.from(JSON.stringify(value)))).toBe(true);
        expect(isAnswered(JSON_DECODER, jsonTraces([value, spanJson({ [name]: value })]))).toBe(
          true,
        );
        expect(
          isAnswered(JSON_DECODER, jsonLogs([value, { body: value, attributes: [value] }])),
        ).toBe(true);
      }),
      RUNS,
    );
  });

  test.each([
    ['lists', '[', ']'],
    ['objects', '{"resourceSpans":', '}'],
    ['values', '{"arrayValue":{"values":[', ']}}'],
  ])('a hundred thousand nested %s', (_, opening, closing) => {
    const depth = 100_000;
    const nested = `${opening.repeat(depth)}${closing.repeat(depth)}`;
    expect(isAnswered(JSON_DECODER, Buffer.from(nested))).toBe(true);
    const body = jsonLogs([{ body: 'BODY' }])
      .toString()
      .replace('"BODY"', nested);
    expect(isAnswered(JSON_DECODER, Buffer.from(body))).toBe(true);
  });
});

describe('the protobuf decoder survives', () => {
  test('values nested ten thousand deep', () => {
    let value = bytesOfHex('1801');
    for (let depth = 0; depth < 10_000; depth += 1) {
      value = delimitedField(5, delimitedField(1, value));
    }
    expect(isAnswered(PROTOBUF_DECODER, protobufRequest([[[5, value]]]))).toBe(true);
  });

  test('groups nested ten thousand deep', () => {
    expect(isAnswered(PROTOBUF_DECODER, Buffer.alloc(10_000, (15 << 3) | 3))).toBe(true);
  });
});

function delimitedField(field: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; rest > 0; rest >>>= 7) length.push((rest & 127) | 128);
  length.push(0);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]);
}
