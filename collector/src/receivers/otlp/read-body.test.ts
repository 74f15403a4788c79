import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody } from './read-body.js';

const LIMITS = { maxBodyBytes: 1_000, maxCompressedBytes: 500 };
const TEXT = Buffer.from('what the sender wrote, '.repeat(20));

const gzip = promisify<zlib.InputType, Buffer>(zlib.gzip);
const isZstdHere = 'zstdCompress' in zlib;

function requestOf(body: Uint8Array | ReadableStream, encoding?: string): Request {
  return new Request('http://localhost/v1/traces', {
    method: 'POST',
    body,
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
    duplex: 'half',
  });
}

const chunked = (chunks: readonly Uint8Array[]): ReadableStream => ReadableStream.from(chunks);

const readWithin = async (request: Request): Promise<Buffer> => readBody(request, LIMITS);

describe('a body is read', () => {
  test.each([
    ['plain', undefined, TEXT],
    ['as identity', 'identity', TEXT],
    ['from gzip', 'gzip', zlib.gzipSync(TEXT)],
    ['from gzip in capitals', 'GZIP', zlib.gzipSync(TEXT)],
    [
      'from two gzip members',
      'gzip',
      Buffer.concat([zlib.gzipSync(TEXT.subarray(0, 9)), zlib.gzipSync(TEXT.subarray(9))]),
    ],
    ['from deflate', 'deflate', zlib.deflateSync(TEXT)],
    ['from deflate without header', 'deflate', zlib.deflateRawSync(TEXT)],
    ['from brotli', 'br', zlib.brotliCompressSync(TEXT)],
  ])('%s', async (_, encoding, bytes) => {
    expect(await readWithin(requestOf(bytes, encoding))).toEqual(TEXT);
  });

  test('from chunks of one byte', async () => {
    const bytes = await gzip(TEXT);
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await readWithin(requestOf(chunked(chunks), 'gzip'))).toEqual(TEXT);
  });

  test('when it is empty, compressed or not', async () => {
    const get = new Request('http://localhost/', { headers: { 'content-encoding': 'gzip' } });
    expect(await readWithin(get)).toHaveLength(0);
    expect(await readWithin(requestOf(new Uint8Array(0)))).toHaveLength(0);
  });

  test('however it is cut into chunks', async () => {
    const cut = fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 5 });
    const limits = { maxBodyBytes: 10_000, maxCompressedBytes: 0 };
    await fc.assert(
      fc.asyncProperty(cut, async (chunks) => {
        const body = await readBody(requestOf(chunked(chunks)), limits);
        expect(body).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  test('at the limit exactly', async () => {
    const bytes = Buffer.alloc(LIMITS.maxBodyBytes, 1);
    expect(await readWithin(requestOf(bytes))).toHaveLength(1_000);
    expect(await readWithin(requestOf(zlib.gzipSync(bytes), 'gzip'))).toHaveLength(1_000);
  });
});

describe('a body is refused', () => {
  const tooLong = Buffer.alloc(LIMITS.maxBodyBytes + 1, 1);

  test.each([
    ['plain', undefined, tooLong],
    ['after gzip', 'gzip', zlib.gzipSync(tooLong)],
    ['after deflate', 'deflate', zlib.deflateSync(tooLong)],
    ['after raw deflate', 'deflate', zlib.deflateRawSync(tooLong)],
    ['after brotli', 'br', zlib.brotliCompressSync(tooLong)],
    ['before decompression', 'gzip', Buffer.alloc(LIMITS.maxCompressedBytes + 1)],
  ])('when it is too large %s', async (_, encoding, bytes) => {
    await expect(readWithin(requestOf(bytes, encoding))).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
    });
  });

  test('by its chunks, without reading them all', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 100;
        controller.enqueue(new Uint8Array(100));
      },
    });
    await expect(readWithin(requestOf(endless))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect(sent).toBeLessThan(2 * LIMITS.maxBodyBytes);
  });

  test('when it is a zip bomb, at no cost in memory', async () => {
    const bomb = await gzip(Buffer.alloc(256 * 2 ** 20));
    const limits = { maxBodyBytes: 2 ** 20, maxCompressedBytes: 2 ** 20 };
    const before = process.memoryUsage().arrayBuffers;
    await expect(readBody(requestOf(bomb, 'gzip'), limits)).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
  });

  test.each([
    ['gzip', TEXT],
    ['gzip', zlib.gzipSync(TEXT).subarray(0, -9)],
    ['deflate', TEXT],
    ['br', TEXT],
  ])('when it is not what %s announces', async (encoding, bytes) => {
    await expect(readWithin(requestOf(bytes, encoding))).rejects.toMatchObject({
      code: 'INVALID_ENCODING',
    });
  });

  test.each(['snappy', 'gzip, br', 'constructor'])('in the encoding %s', async (encoding) => {
    await expect(readWithin(requestOf(TEXT, encoding))).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
    });
  });

  test.skipIf(isZstdHere)('in zstd where Node lacks it, naming what there is', async () => {
    await expect(readWithin(requestOf(TEXT, 'zstd'))).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'Content-Encoding must be one of gzip, x-gzip, deflate, br, identity',
    });
  });

  test('when the connection ends early', async () => {
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error('gone')),
    });
    await expect(readWithin(requestOf(broken))).rejects.toMatchObject({ code: 'INVALID_OTLP' });
  });
});
