interface ErrorKind {
  /** The HTTP status it is answered with. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  /** True when the same request may succeed later; OTLP clients retry 429 and 503. */
  readonly retryable: boolean;
  readonly title: string;
}

/** Every way in which Colloquy refuses a request or fails to start. */
export const ERRORS = {
  INVALID_OTLP: { status: 400, retryable: false, title: 'The body is no OTLP request' },
  INVALID_ENCODING: { status: 400, retryable: false, title: 'The body cannot be decompressed' },
  INVALID_PARAMETER: { status: 400, retryable: false, title: 'A parameter has a wrong value' },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'A valid key is needed' },
  FORBIDDEN: { status: 403, retryable: false, title: 'The key does not allow this' },
  FOREIGN_HOST: { status: 403, retryable: false, title: 'Meant for another host' },
  NOT_FOUND: { status: 404, retryable: false, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'Method not allowed' },
  CONFLICT: { status: 409, retryable: false, title: 'This cannot be done as things are' },
  BODY_TOO_LARGE: { status: 413, retryable: false, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, title: 'Unsupported content type' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'The rate limit of the key is reached' },
  QUEUE_FULL: { status: 429, retryable: true, title: 'Too much is waiting to be stored' },
  DISK_FULL: { status: 503, retryable: true, title: 'The disk is full' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, title: 'ClickHouse cannot be reached' },
  STARTUP_FAILED: { status: 500, retryable: false, title: 'Colloquy cannot start' },
  INTERNAL: { status: 500, retryable: false, title: 'Internal error' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** Exporters give up after 10 s in all, and lose the batch when told to wait longer. */
const RETRY_AFTER_SECONDS = 2;

interface ErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
}

/** The one error type; `message` says what is wrong in a sentence that a user can act on. */
export class ColloquyError extends Error {
  override readonly name = 'ColloquyError';
  readonly code: ErrorCode;
  /** When the same request may be tried again, where it may. */
  readonly retryAfterSeconds: number;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
  }
}
