import { ClickHouseError } from '@clickhouse/client';
import type { ProblemAnswer } from '@colloquy/schema';
import { HTTPException } from 'hono/http-exception';
import { ColloquyError, ERRORS, type ErrorCode } from '../errors.js';
import { isAway } from '../store/away.js';
import { ParameterError } from './parameter-error.js';

/** A problem with the HTTP headers that go with it. */
interface Problem {
  readonly body: ProblemAnswer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers of a ClickHouse that cannot serve now, by its name for the error. */
const STORE_FAILURES: ReadonlySet<unknown> = new Set([
  'AUTHENTICATION_FAILED',
  'MEMORY_LIMIT_EXCEEDED',
  'NETWORK_ERROR',
  'TIMEOUT_EXCEEDED',
  'TOO_MANY_SIMULTANEOUS_QUERIES',
  'UNKNOWN_DATABASE',
]);

const isStoreFailure = (error: unknown): boolean =>
  error instanceof ClickHouseError ? STORE_FAILURES.has(error.type) : isAway(error);

/** What Hono's own parts refuse: a body that is no JSON, a form of another site's page. */
function describeException(error: HTTPException): ColloquyError {
  return error.status === 403
    ? new ColloquyError('FORBIDDEN', 'Web pages of other origins may not do this.')
    : new ColloquyError('INVALID_PARAMETER', error.message);
}

/** Any error as one that can be answered; says nothing of what the store or the code said. */
export function toColloquyError(error: unknown): ColloquyError {
  if (error instanceof ColloquyError) return error;
  if (error instanceof HTTPException && error.status < 500) return describeException(error);
  if (isStoreFailure(error)) {
    const sentence = 'ClickHouse does not answer; try again in a moment.';
    return new ColloquyError('STORE_UNAVAILABLE', sentence, { cause: error });
  }
  const sentence = 'The answer could not be made; the log of the collector says why.';
  return new ColloquyError('INTERNAL', sentence, { cause: error });
}

/** A URN, so that it means nothing but itself and is never fetched. */
const typeOf = (code: ErrorCode): string =>
  `urn:colloquy:problem:${code.toLowerCase().replaceAll('_', '-')}`;

/** An error as problem details. @see https://www.rfc-editor.org/rfc/rfc9457 */
function problemOf(error: ColloquyError): Problem {
  const { status, retryable, title } = ERRORS[error.code];
  return {
    body: {
      type: typeOf(error.code),
      title,
      status,
      detail: error.message,
      ...(error instanceof ParameterError && { errors: error.issues }),
    },
    headers: {
      'Content-Type': 'application/problem+json',
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="colloquy"' }),
      ...(retryable && { 'Retry-After': String(error.retryAfterSeconds) }),
    },
  };
}

/** Answers an error as problem details. @param allow - the methods that a path takes */
export function answerProblem(error: ColloquyError, allow?: string): Response {
  const { body, headers } = problemOf(error);
  const more = allow === undefined ? {} : { Allow: allow };
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...headers, ...more },
  });
}
