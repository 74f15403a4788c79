import { type Context, Hono } from 'hono';
import { ColloquyError, ERRORS } from '../../errors.js';
import type { Admission } from '../../admission.js';
import { BODY_MEMORY } from './body-memory.js';
import { encodeResponse, encodeStatus } from './encode-response.js';
import { type BodyLimits, DEFAULT_BODY_LIMITS, readBody } from './read-body.js';
import {
  DEFAULT_PROJECT_ID,
  receiveExport,
  type ReceiverOptions,
  toColloquyError,
} from './receive-export.js';
import { type Encoding, type Signal, SIGNAL_NAMES, SIGNALS } from './signals.js';

export interface OtlpAppOptions extends ReceiverOptions, Partial<BodyLimits> {
  /** Who sends a request; project `default` without limits where this is left out. */
  readonly admissionOf?: (request: Request) => Admission;
}

const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  [CONTENT_TYPES.json, 'json'],
  [CONTENT_TYPES.protobuf, 'protobuf'],
]);

/**
 * The OTLP/HTTP receiver: POST `/v1/traces`, `/v1/logs` and `/v1/metrics`, in protobuf and JSON.
 * An answer has the encoding of its request; one whose encoding is unknown is answered in JSON.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp (protocol 1.11.0)
 */
export function createOtlpApp(options: OtlpAppOptions): Hono {
  const app = new Hono();
  for (const signal of SIGNAL_NAMES) {
    const { path } = SIGNALS[signal];
    app.post(path, (context) => answerExport(context, signal, options));
    app.all(path, (context) => {
      const error = new ColloquyError('METHOD_NOT_ALLOWED', `${path} only takes POST`);
      return answerError(context, error, { Allow: 'POST, OPTIONS' });
    });
  }
  app.notFound((context) => {
    const paths = SIGNAL_NAMES.map((signal) => SIGNALS[signal].path).join(', ');
    return answerError(context, new ColloquyError('NOT_FOUND', `OTLP is taken at ${paths}`));
  });
  app.onError((error, context) => answerError(context, toColloquyError(error, options)));
  return app;
}

async function answerExport(
  context: Context,
  signal: Signal,
  options: OtlpAppOptions,
): Promise<Response> {
  const request = context.req.raw;
  const encoding = encodingOf(context);
  if (encoding === undefined) {
    const message = `Content-Type must be ${[...ENCODINGS.keys()].join(' or ')}`;
    throw new ColloquyError('UNSUPPORTED_MEDIA_TYPE', message);
  }
  const admission = options.admissionOf?.(request) ?? { projectId: DEFAULT_PROJECT_ID };
  const lease = (options.memory ?? BODY_MEMORY).lease();
  try {
    const body = await readBody(request, limitsOf(admission, options), lease);
    admission.charge?.(body.length);
    const { projectId, refusalOf } = admission;
    const outcome = await receiveExport({ signal, encoding, body, projectId, refusalOf }, options);
    const response = encodeResponse(signal, encoding, outcome);
    return context.body(response, 200, { 'Content-Type': CONTENT_TYPES[encoding] });
  } finally {
    lease.release();
  }
}

/** The limits of who sends lie within those of the receiver. */
function limitsOf({ maxBodyBytes = Infinity }: Admission, options: OtlpAppOptions): BodyLimits {
  const limits = { ...DEFAULT_BODY_LIMITS, ...options };
  return {
    maxBodyBytes: Math.min(limits.maxBodyBytes, maxBodyBytes),
    maxCompressedBytes: Math.min(limits.maxCompressedBytes, maxBodyBytes),
  };
}

/** An error as OTLP tells it, in the encoding of the request. */
export function answerError(
  context: Context,
  error: ColloquyError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const encoding = encodingOf(context) ?? 'json';
  const { status, retryable } = ERRORS[error.code];
  return context.body(encodeStatus(error, encoding), status, {
    ...headers,
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="colloquy"' } : {}),
    ...(retryable ? { 'Retry-After': String(error.retryAfterSeconds) } : {}),
    'Content-Type': CONTENT_TYPES[encoding],
  });
}

function encodingOf(context: Context): Encoding | undefined {
  const [contentType = ''] = (context.req.header('content-type') ?? '').split(';');
  return ENCODINGS.get(contentType.trim().toLowerCase());
}
