import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Address } from './config.js';
import { ColloquyError } from './errors.js';
import type { TlsFiles } from './tls.js';

/** Exporters send every 5 s; Node's own 5 s would cut their connection at that very moment. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 30_000;
const REQUEST_MS = 60_000;
const MAX_CONNECTIONS = 2_000;

export interface HttpServer {
  /** The port that was taken. */
  readonly port: number;
  /** Takes no more requests and ends when those under way are answered. */
  stop(): Promise<void>;
}

function listenFailure({ host, port }: Address, cause: NodeJS.ErrnoException): ColloquyError {
  const reason =
    cause.code === 'EADDRINUSE'
      ? 'is in use by another process'
      : `cannot be listened on (${cause.code ?? cause.message})`;
  return new ColloquyError(
    'STARTUP_FAILED',
    `${host}:${port} ${reason}; choose another with --listen or COLLOQUY_LISTEN.`,
    { cause },
  );
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure({ host, port }, error)));
    server.listen(port, host, resolve);
  });
}

const TIMEOUTS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
};

function createOver(tls: TlsFiles | undefined): Server {
  if (tls === undefined) return createServer(TIMEOUTS);
  const server = createTlsServer({ ...TIMEOUTS, ...tls.certificate });
  tls.onChange((certificate) => server.setSecureContext(certificate));
  return server;
}

/**
 * Serves an app.
 * @param tls - plain HTTP where this is left out
 * @throws ColloquyError `STARTUP_FAILED` when the address is taken
 */
export async function startHttpServer(
  app: Hono,
  address: Address,
  tls?: TlsFiles,
): Promise<HttpServer> {
  const server = createOver(tls);
  const handle = getRequestListener(app.fetch);
  server.on('request', (request, response) => void handle(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, address);
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1_000).unref();
      }),
  };
}
