import { type Config, isLoopback } from '../config.js';
import { ColloquyError } from '../errors.js';
import type { Access } from './access.js';

/**
 * Other machines are let in with keys alone.
 * @throws ColloquyError `STARTUP_FAILED` naming the setting and how a key is made
 */
export function checkDoors(config: Config, { isLocked, isKnown }: Access): void {
  if (isLocked && isKnown) return;
  for (const setting of ['listen', 'grpc-listen'] as const) {
    const address = config[setting];
    if (address === undefined || isLoopback(address)) continue;
    const why = isKnown
      ? 'there is no key yet, and without keys other machines are not let in'
      : 'ClickHouse does not tell which keys there are';
    throw new ColloquyError(
      'STARTUP_FAILED',
      `--${setting} is ${address.host}:${address.port}, but ${why}. Start on 127.0.0.1 and make one with ` +
        '"colloquy keys create --scope admin --name <name>", or set COLLOQUY_BOOTSTRAP_KEY to what ' +
        '"openssl rand -hex 32" prints.',
    );
  }
}
