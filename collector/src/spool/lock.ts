import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '../digest.js';
import { ColloquyError } from '../errors.js';

/** Held until it is let go or the process ends, in whatever way. */
export interface Lock {
  release(): Promise<void>;
}

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const listen = (server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(path, () => resolve(undefined));
  });

/** What systems take as the name of a socket. */
const MAX_PATH_BYTES = 100;

/** In the folder, so that containers which share it see it; elsewhere where its name is too long. */
function lockPath(folder: string): string {
  const path = join(folder, 'lock');
  return Buffer.byteLength(path) <= MAX_PATH_BYTES
    ? path
    : join(tmpdir(), `colloquy-${digest(path).slice(0, 32)}.lock`);
}

/**
 * Takes a folder for this process alone. A socket in it is the lock: the system answers on it for as
 * long as its process lives, while a file would stay behind, and in containers process ids repeat.
 *
 * @throws ColloquyError `STARTUP_FAILED` when another process has it
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = lockPath(folder);
  const server = createServer((socket) => socket.destroy());
  let failure = await listen(server, path);
  if (failure?.code === 'EADDRINUSE' && !(await isAnswered(path))) {
    await rm(path, { force: true });
    failure = await listen(server, path);
  }
  if (failure !== undefined) {
    const reason =
      failure.code === 'EADDRINUSE'
        ? 'is in use by another collector'
        : `cannot be locked (${failure.code ?? failure.message})`;
    throw new ColloquyError(
      'STARTUP_FAILED',
      `The folder ${folder} ${reason}; choose another with --data-dir or COLLOQUY_DATA_DIR.`,
      { cause: failure },
    );
  }
  server.unref();
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
