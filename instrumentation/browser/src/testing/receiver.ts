import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was received, and when. */
interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A collector that answers as it is told, then 200 for good. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The names of all spans that were taken, in the order they came. */
  names(): readonly string[];
  stop(): Promise<void>;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

const namesIn = (body: string): readonly string[] =>
  (JSON.parse(body) as ExportRequest).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
  );

export async function startReceiver(answers: readonly Answer[] = [], port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const taken: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url: path, headers } = request;
      const answer = answers[received.length] ?? { status: 200 };
      received.push({ method, path, headers, body, atMs: performance.now() });
      if (answer.status === 200) taken.push(body);
      return response.writeHead(answer.status, answer.headers).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    names: () => taken.flatMap(namesIn),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
