import { ColloquyError } from './errors.js';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Refuses requests that were meant for another name. A web page can point a name of its own at
 * 127.0.0.1 and would then read, as its own, what has no key here ("DNS rebinding").
 * @throws ColloquyError `FOREIGN_HOST`
 */
export function checkLoopbackHost(host: string | undefined): void {
  if (LOOPBACK_HOST.test(host ?? '')) return;
  throw new ColloquyError(
    'FOREIGN_HOST',
    'Without keys Colloquy answers to loopback names only, not to the one in the Host header.',
  );
}
