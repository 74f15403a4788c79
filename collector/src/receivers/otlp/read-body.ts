import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { ColloquyError } from '../../errors.js';
import { type BodyLease, BodyMemory } from './body-memory.js';

export interface BodyLimits {
  /** Bytes of a body as it is used: sent uncompressed, or after decompression. */
  readonly maxBodyBytes: number;
  /** Bytes of a compressed body as it comes in. */
  readonly maxCompressedBytes: number;
}

const MEBIBYTE = 2 ** 20;

/** 64 MiB is what the OTLP specification suggests, 20 MiB what the OpenTelemetry Collector takes. */
export const DEFAULT_BODY_LIMITS: BodyLimits = {
  maxBodyBytes: 64 * MEBIBYTE,
  maxCompressedBytes: 20 * MEBIBYTE,
};

type Decompress = (body: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const gunzip: Decompress = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate: Decompress = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw: Decompress = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const unbrotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

/** Node has it from 22.15 on. */
const { zstdDecompress } = zlib as { readonly zstdDecompress?: typeof zlib.gunzip };

/** `deflate` means zlib's format, but some senders leave its two header bytes out (RFC 1950, 2.2). */
const isZlib = (body: Buffer): boolean =>
  body.length >= 2 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;

const DECOMPRESSORS: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', (body, options) => (isZlib(body) ? inflate : inflateRaw)(body, options)],
  ['br', unbrotli],
  ...(zstdDecompress === undefined
    ? []
    : [['zstd', promisify<Buffer, zlib.ZlibOptions, Buffer>(zstdDecompress)] as const]),
]);

const tooLarge = (maxBytes: number, state: string): ColloquyError =>
  new ColloquyError('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes ${state}`);

/**
 * Reads a request's body, decompressed by its `Content-Encoding`; never holds more of it than
 * the limits allow.
 *
 * @param lease - what is held is taken from it; whoever made it releases it
 * @throws ColloquyError `BODY_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE` for an unknown encoding,
 *   `INVALID_ENCODING` when the bytes are not what the header says, `QUEUE_FULL`
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  lease: BodyLease = new BodyMemory().lease(),
): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') {
    return collect(request, limits.maxBodyBytes, 'uncompressed', lease);
  }
  const decompress = DECOMPRESSORS.get(encoding);
  if (decompress === undefined) {
    const known = [...DECOMPRESSORS.keys(), 'identity'].join(', ');
    const message = `Content-Encoding must be one of ${known}`;
    throw new ColloquyError('UNSUPPORTED_MEDIA_TYPE', message);
  }
  const compressed = await collect(request, limits.maxCompressedBytes, 'compressed', lease);
  // An empty request may come with the header that its exporter always sets.
  if (compressed.length === 0) return compressed;
  const { maxBodyBytes } = limits;
  const body = await lease.decompress(() =>
    expand(compressed, decompress, { encoding, maxBodyBytes }),
  );
  lease.take(body.length);
  return body;
}

/** zlib works in chunks and stops at the limit, so a zip bomb costs no more than a large body. */
async function expand(
  compressed: Buffer,
  decompress: Decompress,
  { encoding, maxBodyBytes }: { readonly encoding: string; readonly maxBodyBytes: number },
): Promise<Buffer> {
  try {
    return await decompress(compressed, { maxOutputLength: maxBodyBytes, chunkSize: 64 * 1024 });
  } catch (cause) {
    if (hasCode(cause, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge(maxBodyBytes, 'decompressed');
    const message = `The body is not what Content-Encoding ${encoding} announces`;
    throw new ColloquyError('INVALID_ENCODING', message, { cause });
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

async function collect(
  request: Request,
  maxBytes: number,
  state: string,
  lease: BodyLease,
): Promise<Buffer> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes, state);
  if (request.body === null) return Buffer.alloc(0);
  // Not `for await`: leaving it early closes the connection before the answer is sent.
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const body = new GrowingBuffer(announced);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new ColloquyError('INVALID_OTLP', 'The body ended early', { cause });
    });
    if (done) return body.bytes;
    if (body.length + value.length > maxBytes) throw tooLarge(maxBytes, state);
    lease.take(value.length);
    body.append(value);
  }
}

/** One buffer, not a list of chunks: a million one-byte chunks would cost a hundred times their size. */
class GrowingBuffer {
  length = 0;
  #space: Buffer;

  constructor(expectedBytes: number) {
    this.#space = Buffer.allocUnsafeSlow(Math.min(Math.max(expectedBytes, 1024), MEBIBYTE));
  }

  get bytes(): Buffer {
    return this.#space.subarray(0, this.length);
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.#space.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#space.length));
      this.#space.copy(larger, 0, 0, this.length);
      this.#space = larger;
    }
    this.#space.set(chunk, this.length);
    this.length = needed;
  }
}
