import type { Config } from './config.js';
import type { Service } from './service.js';

const movedPorts = (config: Config, { engine }: Service): readonly string[] =>
  engine === undefined
    ? []
    : (
        [
          ['HTTP', config['clickhouse-http-port'], engine.httpPort],
          ['native', config['clickhouse-tcp-port'], engine.tcpPort],
        ] as const
      ).flatMap(([name, asked, taken]) =>
        asked === 0 || asked === taken
          ? []
          : [`  Port ${asked} is busy: the ${name} port of ClickHouse is ${taken}.`],
      );

function storeLines(config: Config, { engine, store, isStoreThere }: Service): readonly string[] {
  if (engine === undefined)
    return [
      `  ClickHouse   ${store.url}, database ${store.database}`,
      ...(isStoreThere
        ? []
        : ['               is away: what is sent is kept, and stored once it is there']),
    ];
  return [
    `  ClickHouse   ${engine.url} and native 127.0.0.1:${engine.tcpPort}, database ${store.database}`,
    `               user ${engine.reader.username} may read; its password is in ${config['data-dir']}`,
  ];
}

/** What a person sees once everything runs: where things are and how to send the first span. */
export function greet(config: Config, service: Service): string {
  const { httpUrl, grpcAddress } = service;
  const key = service.asksForKeys ? ` -H 'x-api-key: <key>'` : '';
  return [
    service.isStoreThere
      ? 'Colloquy is ready.'
      : 'Colloquy takes telemetry in; questions wait for ClickHouse.',
    '',
    `  OTLP/HTTP    ${httpUrl}`,
    ...(grpcAddress === undefined ? [] : [`  OTLP/gRPC    ${grpcAddress}`]),
    `  Query API    ${httpUrl}/api/v1/threads`,
    ...storeLines(config, service),
    ...movedPorts(config, service),
    `  Keys         ${service.asksForKeys ? 'every request needs one; colloquy keys --help' : 'none yet, so only this machine is let in; colloquy keys --help'}`,
    '',
    'Point any OpenTelemetry tracer at it:',
    '',
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${httpUrl}${service.asksForKeys ? ' OTEL_EXPORTER_OTLP_HEADERS=x-api-key=<key>' : ''} node your-app.js`,
    '',
    'or send a first message by hand:',
    '',
    `  curl ${httpUrl}/v1/traces${key} -H 'content-type: application/json' -d '${firstRequest()}'`,
    `  curl ${httpUrl}/api/v1/threads/hello/messages${key}`,
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

const text = (key: string, stringValue: string): unknown => ({ key, value: { stringValue } });

const said = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);

/** An OTLP request with one model call, small enough for a terminal. */
function firstRequest(): string {
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    spanId: '051581bf3cb55c13',
    name: 'chat',
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000_000n),
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.conversation.id', 'hello'),
      text('gen_ai.input.messages', said('user', 'Hello?')),
      text('gen_ai.output.messages', said('assistant', 'Hello! I am listening.')),
    ],
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}
