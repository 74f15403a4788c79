import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;

/**
 * What a page may send with a question. No content type, so that no page can post JSON: what changes
 * anything is not for pages.
 */
export const QUERY_HEADERS: readonly string[] = [
  'authorization',
  'x-api-key',
  'traceparent',
  'tracestate',
  'baggage',
];

/** What a page may send with telemetry. */
export const OTLP_HEADERS: readonly string[] = [
  'content-type',
  'content-encoding',
  ...QUERY_HEADERS,
];

/**
 * Tells which pages are let in.
 * @param allowed - origins; `loopback` stands for all of this machine, `*` for all there are
 */
export const originRule =
  (allowed: readonly string[]) =>
  (origin: string): boolean =>
    allowed.includes(origin) ||
    (allowed.includes('*') && origin !== '') ||
    (allowed.includes('loopback') && LOOPBACK_ORIGIN.test(origin));

/**
 * Lets web pages of these origins in. Any page that a user opens could otherwise write into a collector
 * on the same machine, or read it. Never with cookies.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export const crossOrigin = (
  isLetIn: (origin: string) => boolean,
  headers: readonly string[],
): MiddlewareHandler =>
  cors({
    origin: (origin) => (isLetIn(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: [...headers],
    exposeHeaders: ['Retry-After'],
    maxAge: 600,
  });
