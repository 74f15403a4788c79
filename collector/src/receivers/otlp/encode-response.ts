import protobuf from 'protobufjs/minimal.js';
import type { ColloquyError, ErrorCode } from '../../errors.js';
import type { ExportOutcome } from './receive-export.js';
import { type Encoding, type Signal, SIGNALS } from './signals.js';
import { delimited, varint } from './wire-reader.js';

/** @see https://grpc.io/docs/guides/status-codes/ */
const GRPC_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  INVALID_OTLP: 3,
  INVALID_ENCODING: 3,
  INVALID_PARAMETER: 3,
  NOT_FOUND: 5,
  UNAUTHENTICATED: 16,
  FORBIDDEN: 7,
  METHOD_NOT_ALLOWED: 12,
  BODY_TOO_LARGE: 8,
  UNSUPPORTED_MEDIA_TYPE: 3,
  // Not RESOURCE_EXHAUSTED, which OTLP clients retry only when RetryInfo comes along.
  QUEUE_FULL: 14,
  RATE_LIMITED: 14,
  STORE_UNAVAILABLE: 14,
  STARTUP_FAILED: 13,
  INTERNAL: 13,
};

const UNKNOWN = 2;

/** The gRPC status code, which also stands in the `google.rpc.Status` of an HTTP answer. */
export const grpcCodeOf = (code: ErrorCode): number => GRPC_CODES[code] ?? UNKNOWN;

const toBytes = (message: unknown): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(JSON.stringify(message)));

const finish = (writer: protobuf.Writer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(writer.finish());

type Encode<Message> = (message: Message) => Uint8Array<ArrayBuffer>;

const RESPONSES: Readonly<Record<Encoding, Encode<ExportOutcome & { readonly signal: Signal }>>> = {
  json: ({ signal, rejected, message }) =>
    // An int64 is a string in protobuf's JSON.
    toBytes({
      partialSuccess: { [SIGNALS[signal].rejectedField]: String(rejected), errorMessage: message },
    }),
  protobuf: ({ rejected, message }) => {
    const writer = protobuf.Writer.create().uint32(delimited(1)).fork();
    writer.uint32(varint(1)).int64(rejected).uint32(delimited(2)).string(message);
    return finish(writer.ldelim());
  },
};

const NOTHING_REJECTED: Readonly<Record<Encoding, Encode<void>>> = {
  json: () => toBytes({}),
  protobuf: () => new Uint8Array(0),
};

/** Encodes `Export…ServiceResponse`; `partial_success` is left out when all was taken. */
export function encodeResponse(
  signal: Signal,
  encoding: Encoding,
  outcome: ExportOutcome,
): Uint8Array<ArrayBuffer> {
  if (outcome.rejected === 0 && outcome.message === '') return NOTHING_REJECTED[encoding]();
  return RESPONSES[encoding]({ ...outcome, signal });
}

const STATUSES: Readonly<Record<Encoding, Encode<{ code: number; message: string }>>> = {
  json: toBytes,
  protobuf: ({ code, message }) => {
    const writer = protobuf.Writer.create();
    return finish(writer.uint32(varint(1)).int32(code).uint32(delimited(2)).string(message));
  },
};

/**
 * Encodes an error as `google.rpc.Status`.
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
 */
export const encodeStatus = (error: ColloquyError, encoding: Encoding): Uint8Array<ArrayBuffer> =>
  STATUSES[encoding]({ code: grpcCodeOf(error.code), message: error.message });
