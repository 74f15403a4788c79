import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Address } from './config.js';
import { ColloquyError } from './errors.js';
import { boundConnections } from './open-connections.js';
import type { TlsFiles } from './tls.js';

/** What a client may make the server wait for and hold. */
interface HttpLimits {
  /** Between an answer and the next request. */
  readonly keepAliveMs: number;
  /** From the first byte, or the connection, to the end of the headers. */
  readonly headersMs: number;
  /** From there to the end of the body, too. */
  readonly requestMs: number;
  /** How late the two above may be found to be over. */
  readonly checkMs: number;
  /** Connections at once; see {@link boundConnections}. */
  readonly maxConnections: number;
}

export const HTTP_LIMITS: HttpLimits = {
  // Exporters send every 5 s; Node's own 5 s would cut their connection at that very moment.
  keepAliveMs: 65_000,
  headersMs: 30_000,
  requestMs: 60_000,
  checkMs: 5_000,
  maxConnections: 2_000,
};

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

function createOver(tls: TlsFiles | undefined, limits: HttpLimits): Server {
  const timeouts = {
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
  };
  if (tls === undefined) return createServer(timeouts);
  const server = createTlsServer({
    ...timeouts,
    handshakeTimeout: limits.headersMs,
    ...tls.certificate,
  });
  tls.onChange((certificate) => server.setSecureContext(certificate));
  return server;
}

interface HttpServerOptions {
  /** Plain HTTP where this is left out. */
  readonly tls?: TlsFiles | undefined;
  readonly limits?: HttpLimits;
}

/**
 * Serves an app.
 * @throws ColloquyError `STARTUP_FAILED` when the address is taken
 */
export async function startHttpServer(
  app: Hono,
  address: Address,
  { tls, limits = HTTP_LIMITS }: HttpServerOptions = {},
): Promise<HttpServer> {
  const server = createOver(tls, limits);
  const handle = getRequestListener(app.fetch);
  server.on('request', (request, response) => void handle(request, response));
  boundConnections(server, limits.maxConnections);
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
