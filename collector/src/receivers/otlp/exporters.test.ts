import { serve, type ServerType } from '@hono/node-server';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ColloquyError } from '../../errors.js';
import { createOtlpApp } from './app.js';
import { decodeRequest } from './decode-request.js';
import { OtlpCounters } from './counters.js';
import { type GrpcReceiver, startGrpcReceiver } from './grpc.js';
import { RecordingIntake } from './recording-intake.js';
import { createSdkLogRecords, createSdkSpans, exportWith } from './sdk-telemetry.js';

const intake = new RecordingIntake();
const counters = new OtlpCounters();
const spans = [...createSdkSpans()];
const logRecords = [...createSdkLogRecords()];
let http: ServerType;
let receiver: GrpcReceiver;

beforeAll(async () => {
  const { fetch } = createOtlpApp({ intake, counters });
  await new Promise<void>((resolve) => {
    http = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      httpPort = port;
      resolve();
    });
  });
  receiver = await startGrpcReceiver({
    listen: { host: '127.0.0.1', port: 0 },
    intake,
    counters,
    maxMessageBytes: 2 ** 20,
  });
});

afterAll(async () => {
  await receiver.stop();
  await new Promise((resolve) => http.close(resolve));
});

beforeEach(() => {
  intake.requests.length = 0;
});

let httpPort: number;

const urlOf = (path: string): string => `http://127.0.0.1:${httpPort}${path}`;

const TRACE_EXPORTERS = {
  'HTTP in JSON': () => new JsonTraceExporter({ url: urlOf('/v1/traces') }),
  'HTTP in protobuf': () => new ProtobufTraceExporter({ url: urlOf('/v1/traces') }),
  gRPC: () => new GrpcTraceExporter({ url: `http://127.0.0.1:${receiver.port}` }),
};
const COMPRESSIONS = ['none', 'gzip'];
const WAYS = Object.entries(TRACE_EXPORTERS).flatMap(([name, createExporter]) =>
  COMPRESSIONS.map((compression) => ({ name, compression, createExporter })),
);

/** Sends the spans, and resolves with what the exporter says about it. */
async function exportSpans({ compression, createExporter }: (typeof WAYS)[number]) {
  vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', compression);
  const exporter = createExporter();
  vi.unstubAllEnvs();
  const result = await exportWith(exporter, spans);
  await exporter.shutdown();
  return result;
}

describe('the JS exporters over', () => {
  test.each(WAYS)('$name, compression $compression, deliver spans', async (way) => {
    expect(await exportSpans(way)).toEqual({ code: 0 });
    expect(intake.spans.map(({ name }) => name)).toEqual(['chat gpt-4o', 'other']);
    expect(intake.spans[0]?.links[0]?.spanId).toBe(intake.spans[1]?.spanId);
  });

  test('all ways deliver the same spans', async () => {
    const deliveries = [];
    for (const way of WAYS) {
      // oxlint-disable-next-line no-await-in-loop -- each is to find an empty intake
      await exportSpans(way);
      deliveries.push(intake.requests.splice(0).map(decodeRequest));
    }
    const [first, ...others] = deliveries;
    expect(first?.[0]?.spans[0]?.attributes.get('negative.integer')).toBe(-7n);
    expect(first?.[0]?.spans[0]?.attributes.get('gen_ai.request.temperature')).toBe(0.7);
    for (const other of others) expect(other).toEqual(first);
  });

  test('HTTP deliver the same log records in JSON and protobuf', async () => {
    const options = { url: urlOf('/v1/logs') };
    expect(await exportWith(new JsonLogExporter(options), logRecords)).toEqual({ code: 0 });
    expect(await exportWith(new ProtobufLogExporter(options), logRecords)).toEqual({ code: 0 });
    const [json, protobuf] = intake.requests.map(decodeRequest);
    expect(protobuf).toEqual(json);
    expect(json?.logs.map(({ eventName, sequence }) => [eventName, sequence])).toEqual([
      ['gen_ai.client.inference.operation.details', 0],
      ['older', 1],
    ]);
  });

  test('HTTP have their metrics counted', async () => {
    const before = counters.snapshot().metrics.dropped;
    const exporter = new OTLPMetricExporter({ url: urlOf('/v1/metrics') });
    const provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter })],
    });
    const counter = provider.getMeter('shop').createCounter('orders');
    counter.add(1, { kind: 'a' });
    counter.add(1, { kind: 'b' });
    await provider.shutdown();
    expect(counters.snapshot().metrics.dropped).toBe(before + 2);
  });

  test('HTTP try again while the store is down', async () => {
    intake.failures.push(new ColloquyError('STORE_UNAVAILABLE', 'not now'));
    const exporter = new ProtobufTraceExporter({ url: urlOf('/v1/traces') });
    expect(await exportWith(exporter, spans)).toEqual({ code: 0 });
    expect(intake.spans).toHaveLength(2);
  });
});

const post = async (body: ReadableStream | Uint8Array, headers: object = {}): Promise<Response> =>
  fetch(urlOf('/v1/traces'), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  });

describe('over a socket', () => {
  test('a chunked body is taken', async () => {
    const chunks = ['{"resource', 'Spans":', '[]}'].map((text) => Buffer.from(text));
    const response = await post(ReadableStream.from(chunks));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
  });

  test('a body larger than announced limits is answered before it is read', async () => {
    const response = await post(new Uint8Array(65 * 2 ** 20));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 8 });
  });

  test('the connection takes further exports after a refused body', async () => {
    expect((await post(new Uint8Array(21 * 2 ** 20), { 'content-encoding': 'gzip' })).status).toBe(
      413,
    );
    expect((await post(Buffer.from('{}'))).status).toBe(200);
  });
});
