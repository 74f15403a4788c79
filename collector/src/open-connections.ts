import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  readonly socket: Socket;
  /** The latest; `undefined` before the first has its headers and after one was answered. */
  readonly request: IncomingMessage | undefined;
}

/** The same for a connection before and after its TLS handshake, when it is another object. */
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Whether the next bytes are the client's to send. */
const isWaiting = ({ request }: Connection): boolean => request?.complete !== true;

/**
 * Bounds the connections of a server. One too many does not keep newcomers out: the one is closed for
 * it from which nothing has come for longest, be it idle or in the middle of a slow request.
 *
 * @param max - connections at once
 */
export function boundConnections(server: Server, max: number): void {
  // In the order in which they last came or went on.
  const open = new Map<string, Connection>();
  const note = (socket: Socket, request?: IncomingMessage): void => {
    const key = keyOf(socket);
    open.delete(key);
    open.set(key, { socket, request });
  };
  const add = (socket: Socket): void => {
    const key = keyOf(socket);
    note(socket);
    socket.once('close', () => {
      if (open.get(key)?.socket === socket) open.delete(key);
    });
  };
  const closeOne = (): void => {
    for (const [key, connection] of open) {
      if (!isWaiting(connection)) continue;
      open.delete(key);
      connection.socket.destroy();
      return;
    }
  };
  server.on('connection', (socket: Socket) => {
    add(socket);
    // At worst the newcomer itself, when all others are being answered.
    if (open.size > max) closeOne();
  });
  server.on('secureConnection', add);
  server.on('request', (request, response) => {
    note(request.socket, request);
    response.once('close', () => {
      if (!request.socket.destroyed) note(request.socket);
    });
  });
}
