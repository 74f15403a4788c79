import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, test } from 'vitest';
import { ColloquyError, type ErrorCode } from '../../errors.js';
import { createOtlpApp } from './app.js';
import { OtlpCounters } from './counters.js';
import { RecordingIntake } from './recording-intake.js';
import {
  encodeMessage,
  jsonLogs,
  jsonTraces,
  protobufRequest,
  spanJson,
  spanMessage,
} from './sample-requests.js';
import type { Encoding } from './signals.js';

const CONTENT_TYPES = { json: 'application/json', protobuf: 'application/x-protobuf' };
const ENCODINGS: readonly Encoding[] = ['json', 'protobuf'];

const GOOD = { json: jsonTraces([spanJson()]), protobuf: protobufRequest([spanMessage()]) };

function setUp() {
  const intake = new RecordingIntake();
  const counters = new OtlpCounters();
  const internalErrors: unknown[] = [];
  const app = createOtlpApp({
    intake,
    counters,
    maxBodyBytes: 10_000,
    maxCompressedBytes: 5_000,
    onInternalError: (error) => internalErrors.push(error),
  });
  const post = async (
    body: Uint8Array,
    encoding: Encoding,
    { path = '/v1/traces', headers = {} }: { path?: string; headers?: object } = {},
  ): Promise<Response> =>
    app.request(path, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': CONTENT_TYPES[encoding], ...headers },
    });
  return { app, intake, counters, internalErrors, post };
}

/** A `google.rpc.Status`, with the content type that said how to read it. */
async function readStatus(
  response: Response,
): Promise<{ type: string; code: number; message: string }> {
  const type = response.headers.get('content-type') ?? '';
  const bytes = Buffer.from(await response.arrayBuffer());
  if (type === CONTENT_TYPES.json) return { type, ...JSON.parse(bytes.toString()) };
  const wire = protobuf.Reader.create(bytes);
  expect(wire.uint32()).toBe(8);
  const code = wire.int32();
  expect(wire.uint32()).toBe(18);
  return { type, code, message: wire.string() };
}

const bytesOf = async (response: Response): Promise<Buffer> =>
  Buffer.from(await response.arrayBuffer());

describe.each(ENCODINGS)('an export in %s', (encoding) => {
  test('is stored and answered with an empty response', async () => {
    const { post, intake, counters } = setUp();
    const response = await post(GOOD[encoding], encoding);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(CONTENT_TYPES[encoding]);
    expect((await bytesOf(response)).toString()).toBe(encoding === 'json' ? '{}' : '');
    expect(intake.requests).toMatchObject([{ projectId: 'default', signal: 'traces', items: 1 }]);
    expect(intake.spans).toMatchObject([{ name: 'chat' }]);
    expect(counters.snapshot().traces).toEqual({ accepted: 1, rejected: 0, dropped: 0 });
  });

  test('may have parameters in its content type, and gzip', async () => {
    const { post } = setUp();
    const headers = {
      'content-type': `${CONTENT_TYPES[encoding].toUpperCase()}; charset=utf-8`,
      'content-encoding': 'gzip',
    };
    const response = await post(gzipSync(GOOD[encoding]), encoding, { headers });
    expect(response.status).toBe(200);
  });

  test.each(['/v1/traces', '/v1/logs', '/v1/metrics'])('may be empty at %s', async (path) => {
    const { post, intake } = setUp();
    const response = await post(Buffer.from(encoding === 'json' ? '{}' : ''), encoding, { path });
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).toString()).toBe(encoding === 'json' ? '{}' : '');
    expect(intake.requests).toEqual([]);
  });

  test('is refused with 400 when it cannot be decoded', async () => {
    const { post } = setUp();
    const response = await post(Buffer.from('no OTLP'), encoding);
    expect(response.status).toBe(400);
    expect(await readStatus(response)).toMatchObject({ type: CONTENT_TYPES[encoding], code: 3 });
  });

  test('is refused with 413 when it is too large', async () => {
    const { post } = setUp();
    const response = await post(gzipSync(Buffer.alloc(10_001)), encoding, {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(413);
    expect(await readStatus(response)).toEqual({
      type: CONTENT_TYPES[encoding],
      code: 8,
      message: 'The body has more than 10000 bytes decompressed',
    });
  });

  test('gets 404 at an unknown path, naming the right ones', async () => {
    const { post } = setUp();
    const response = await post(GOOD[encoding], encoding, { path: '/' });
    expect(response.status).toBe(404);
    expect(await readStatus(response)).toEqual({
      type: CONTENT_TYPES[encoding],
      code: 5,
      message: 'OTLP is taken at /v1/traces, /v1/logs, /v1/metrics',
    });
  });

  test.each<[ErrorCode, number, string | null, number]>([
    ['QUEUE_FULL', 429, '2', 0],
    ['STORE_UNAVAILABLE', 503, '2', 0],
    ['INTERNAL', 500, null, 1],
  ])('meets %s as %i', async (code, status, retryAfter, dropped) => {
    const { post, intake, counters } = setUp();
    intake.failures.push(new ColloquyError(code, 'not now'));
    const response = await post(GOOD[encoding], encoding);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await readStatus(response)).toMatchObject({ message: 'not now' });
    expect(counters.snapshot().traces).toEqual({ accepted: 0, rejected: 0, dropped });
  });

  test('tells nothing of an error that nobody foresaw, but reports it', async () => {
    const { post, intake, internalErrors } = setUp();
    const error = new TypeError('secret');
    intake.failures.push(error);
    const response = await post(GOOD[encoding], encoding);
    expect(response.status).toBe(500);
    expect(await readStatus(response)).toMatchObject({ message: 'Internal error' });
    expect(internalErrors).toEqual([error]);
  });
});

describe('an export of which a part is bad', () => {
  test('is a partial success in JSON, the count a string', async () => {
    const { post, intake, counters } = setUp();
    const response = await post(jsonTraces([spanJson(), {}, spanJson()]), 'json');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: '1 of 3 spans rejected; first: item 1: the trace id is missing or all zero',
      },
    });
    expect(intake.spans).toHaveLength(2);
    expect(counters.snapshot().traces).toEqual({ accepted: 2, rejected: 1, dropped: 0 });
  });

  test('is a partial success in protobuf', async () => {
    const { post } = setUp();
    const response = await post(protobufRequest([spanMessage(), []]), 'protobuf');
    const message = '1 of 2 spans rejected; first: item 1: the trace id is missing or all zero';
    expect(await bytesOf(response)).toEqual(
      encodeMessage([
        [
          1,
          [
            [1, 1],
            [2, message],
          ],
        ],
      ]),
    );
  });

  test('names log records as OTLP does', async () => {
    const { post, counters } = setUp();
    const response = await post(jsonLogs([5]), 'json', { path: '/v1/logs' });
    expect(await response.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
    expect(counters.snapshot().logs).toEqual({ accepted: 0, rejected: 1, dropped: 0 });
  });
});

test('metrics are counted and dropped', async () => {
  const { post, intake, counters } = setUp();
  const gauge = [
    [
      5,
      [
        [1, []],
        [1, []],
      ],
    ],
  ] as const;
  const response = await post(protobufRequest([gauge]), 'protobuf', { path: '/v1/metrics' });
  expect(response.status).toBe(200);
  expect(intake.requests).toEqual([]);
  expect(counters.snapshot().metrics).toEqual({ accepted: 0, rejected: 0, dropped: 2 });
});

test.each(['text/plain', 'application/jsonp', undefined])(
  'content type %s is answered with 415 in JSON',
  async (type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const body = new Uint8Array(GOOD.json);
    const response = await setUp().app.request('/v1/logs', { method: 'POST', body, headers });
    expect(response.status).toBe(415);
    expect(await readStatus(response)).toMatchObject({
      type: 'application/json',
      message: 'Content-Type must be application/json or application/x-protobuf',
    });
  },
);

test.each(['GET', 'PUT', 'DELETE'])('%s is answered with 405', async (method) => {
  const response = await setUp().app.request('/v1/traces', { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  expect(await readStatus(response)).toMatchObject({ code: 12 });
});
