import { once } from 'node:events';
import { createServer } from 'node:net';

import { ColloquyError } from '../../errors.js';

const TRIES = 100;

/**
 * Finds the first free loopback port from `wanted` upwards; 0 stays 0, for the kernel to choose.
 * It may be taken again before it is used, so the caller must be ready to come back.
 *
 * @param avoid - a port that is spoken for though nothing listens on it yet
 * @throws ColloquyError `STARTUP_FAILED` when a hundred in a row are taken
 */
export async function findFreePort(wanted: number, avoid?: number): Promise<number> {
  if (wanted === 0) return 0;
  const end = Math.min(wanted + TRIES, 65_536);
  for (let port = wanted; port < end; port += 1) {
    if (port !== avoid && (await isFree(port))) return port;
  }
  throw new ColloquyError(
    'STARTUP_FAILED',
    `The ports ${wanted} to ${end - 1} of 127.0.0.1 are all taken or forbidden; choose another port for ClickHouse.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
