import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** A web app at an origin of its own: one empty page with `colloquy`, all that `@colloquy/browser` exports. */
export interface PageServer {
  readonly origin: string;
  stop(): Promise<void>;
}

const SCRIPT = `import * as colloquy from '@colloquy/browser'; globalThis.colloquy = colloquy;`;
const PAGE = '<!doctype html><title>App</title><script src="/app.js"></script>';

export async function servePage(): Promise<PageServer> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'browser',
    write: false,
  });
  const script = outputFiles[0]?.contents ?? '';
  const server = createServer((request, response) => {
    if (request.url === '/app.js')
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    else response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
