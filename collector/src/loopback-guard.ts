import type { MiddlewareHandler } from 'hono';
import { ERRORS } from './errors.js';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const { status, title } = ERRORS.FOREIGN_HOST;
const PROBLEM = JSON.stringify({
  type: 'urn:colloquy:problem:foreign-host',
  title,
  status,
  detail:
    'Without keys Colloquy answers to loopback names only, not to the one in the Host header.',
});

/**
 * Refuses requests that were meant for another name. A web page can point a name of its own at
 * 127.0.0.1 and would then read, as its own, what has no key here ("DNS rebinding").
 */
export const loopbackGuard: MiddlewareHandler = async (context, next) => {
  if (LOOPBACK_HOST.test(context.req.header('host') ?? '')) {
    await next();
    return undefined;
  }
  return context.body(PROBLEM, status, { 'Content-Type': 'application/problem+json' });
};
