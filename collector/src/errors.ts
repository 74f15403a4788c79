interface ErrorKind {
  /** The HTTP status it is answered with. */
  readonly status: 400 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  /** True when the same request may succeed later; OTLP clients retry 429 and 503. */
  readonly retryable: boolean;
  readonly title: string;
}

/** Every way in which Colloquy refuses a request or fails to start. */
export const ERRORS = {
  INVALID_OTLP: { status: 400, retryable: false, title: 'The body is no OTLP request' },
  INVALID_ENCODING: { status: 400, retryable: false, title: 'The body cannot be decompressed' },
  INVALID_PARAMETER: { status: 400, retryable: false, title: 'A parameter has a wrong value' },
  FOREIGN_HOST: { status: 403, retryable: false, title: 'Meant for another host' },
  NOT_FOUND: { status: 404, retryable: false, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'Method not allowed' },
  BODY_TOO_LARGE: { status: 413, retryable: false, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, title: 'Unsupported content type' },
  QUEUE_FULL: { status: 429, retryable: true, title: 'Too much is waiting to be stored' },
  DISK_FULL: { status: 503, retryable: true, title: 'The disk is full' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, title: 'ClickHouse cannot be reached' },
  STARTUP_FAILED: { status: 500, retryable: false, title: 'Colloquy cannot start' },
  INTERNAL: { status: 500, retryable: false, title: 'Internal error' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The one error type; `message` says what is wrong in a sentence that a user can act on. */
export class ColloquyError extends Error {
  override readonly name = 'ColloquyError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
