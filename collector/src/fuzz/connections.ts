import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkService } from './ask.js';
import { residentMemory } from './memory.js';

export interface ConnectionOptions {
  readonly url: string;
  readonly pid: number;
  /** How many to hold open. */
  readonly connections: number;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface ConnectionResult {
  /** Connections that the collector had not closed in the end. */
  readonly open: number;
  /** Of the collector while they were open, in bytes. */
  readonly memory: number;
  /** From when all were open until the last was closed. */
  readonly seconds: number;
}

const HEAD =
  'POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-protobuf\r\n';

/** What is sent on a connection, by turns; nothing ever follows. */
const BEGINNINGS: readonly string[] = [
  '',
  'P',
  HEAD,
  `${HEAD}content-length: 60000000\r\n\r\n\n`,
  `${HEAD}transfer-encoding: chunked\r\n\r\nffffff\r\n\n`,
];

/** One in so many goes away by itself in the middle. */
const ABORTED = 7;

/** The timeouts of the collector's doors, and a while. */
const CLOSED_MS = 80_000;
const SERVED_MS = 30_000;
const POLL_MS = 250;

async function open(port: number, beginning: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // Being cut off is what is waited for.
  socket.on('error', () => undefined);
  socket.resume();
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(beginning);
  return socket;
}

/**
 * Holds connections open that send little or nothing, and looks whether others are served meanwhile.
 * @throws Error when they are not
 */
export async function holdConnections(options: ConnectionOptions): Promise<ConnectionResult> {
  const { url, pid, connections, progress, signal } = options;
  const port = Number(new URL(url).port);
  const sockets: Socket[] = [];
  try {
    for (let count = 0; count < connections; count += 1) {
      signal.throwIfAborted();
      const socket = await open(port, BEGINNINGS[count % BEGINNINGS.length] ?? '');
      sockets.push(socket);
      if (count % ABORTED === 0) socket.destroy();
    }
    progress(`${connections} connections are open`);
    const start = performance.now();
    await checkService(url, { timeoutMs: SERVED_MS, signal });
    const memory = residentMemory(pid);
    const left = (): number => sockets.filter(({ closed }) => !closed).length;
    while (left() > 0 && performance.now() - start < CLOSED_MS)
      await sleep(POLL_MS, undefined, { signal });
    return { open: left(), memory, seconds: (performance.now() - start) / 1_000 };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
