import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { listen } from '@colloquy/fake-provider';

/** One export request as it came, decompressed. */
export interface SinkRequest {
  readonly signal: 'traces' | 'logs' | 'metrics';
  readonly encoding: 'json' | 'protobuf';
  readonly body: Buffer;
}

/** An OTLP/HTTP receiver that accepts everything and keeps the bodies. */
export interface Sink {
  /** Base URL, without `/v1/traces`. */
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  stop(): void;
}

const signalOf = (path: string): SinkRequest['signal'] =>
  path.endsWith('/logs') ? 'logs' : path.endsWith('/metrics') ? 'metrics' : 'traces';

/** Starts a sink on a free loopback port. Any path that ends like an OTLP one is taken. */
export async function startSink(): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      const type = request.headers['content-type'] ?? '';
      const json = type.startsWith('application/json');
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const signal = signalOf(request.url?.split('?')[0] ?? '');
      const encoding = json ? 'json' : 'protobuf';
      // Platforms' SDKs call their own APIs as well; telemetry is what comes by OTLP.
      if (/\/v1\/(?:traces|logs)$/.test(request.url?.split('?')[0] ?? ''))
        requests.push({ signal, encoding, body });
      return response.writeHead(200, { 'content-type': type }).end(json ? '{}' : '');
    });
  });
  // Exporters meet a socket that closes at this moment as an error; a play takes two minutes at most.
  server.keepAliveTimeout = 120_000;
  return {
    url: await listen(server),
    requests,
    stop: () => server.close().closeAllConnections(),
  };
}
