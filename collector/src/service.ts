import { readFileSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { openAccess } from './access/access.js';
import { checkDoors } from './access/check-doors.js';
import { Guard } from './access/guard.js';
import { headersOf, type Config } from './config.js';
import type { RequestIntake } from './consumer.js';
import { parsePrices, type PriceTable } from './conversation/price-table.js';
import { originRule } from './cross-origin.js';
import { describeError } from './describe-error.js';
import { ErasureLedger } from './erasure/ledger.js';
import { ColloquyError } from './errors.js';
import { Forward, FORWARD_READER } from './forward/forward.js';
import { startHttpServer, type HttpServer } from './http-server.js';
import { Ingest, STORE_READER } from './ingest/ingest.js';
import { Metrics } from './metrics/metrics.js';
import { metricSources } from './metrics/sources.js';
import { createOwnTraces, startOwnTraces, type OwnTraces } from './own-traces/own-traces.js';
import { refuseOwnAddress } from './own-traces/refuse-own-address.js';
import { OtlpCounters } from './receivers/otlp/counters.js';
import { startGrpcReceiver, type GrpcReceiver } from './receivers/otlp/grpc.js';
import { DEFAULT_BODY_LIMITS } from './receivers/otlp/read-body.js';
import { Retention } from './retention/retention.js';
import { Spool } from './spool/spool.js';
import { openClient, type StoreOptions } from './store/client.js';
import { unwritable } from './store/embedded/data-folder.js';
import { startEngine, type Engine } from './store/embedded/engine.js';
import { StorePreparation } from './store/preparation.js';
import { ProjectSettings } from './store/project-settings.js';
import { openTls, type TlsFiles } from './tls.js';
import { createApp } from './app.js';

/** What happens in the background, for the log; never content and no secrets. */
export type Report = (message: string) => void;

/** A running Colloquy. */
export interface Service {
  /** `http://host:port` of OTLP/HTTP and the query API; `https:` with TLS. */
  readonly httpUrl: string;
  /** `host:port`; `undefined` when switched off. */
  readonly grpcAddress: string | undefined;
  /** Whether there were keys when it started. */
  readonly asksForKeys: boolean;
  readonly store: StoreOptions;
  /** Whether ClickHouse was there when it started. */
  readonly isStoreThere: boolean;
  /** The embedded ClickHouse, where there is one. */
  readonly engine: Engine | undefined;
  /** Reads the certificate again, where there is one. @throws ColloquyError; the old one stays then */
  readonly reloadTls: (() => void) | undefined;
  /** Answers what is under way, stores what was accepted, and ends. Idempotent. */
  stop(): Promise<void>;
}

async function openStore(
  config: Config,
  report: Report,
): Promise<{ readonly engine: Engine | undefined; readonly options: StoreOptions }> {
  const database = config['clickhouse-database'];
  const url = config['clickhouse-url'];
  if (url !== undefined) {
    const options = {
      url,
      username: config['clickhouse-user'],
      password: config['clickhouse-password'].reveal(),
      database,
    };
    return { engine: undefined, options };
  }
  const engine = await startEngine({
    dataDir: config['data-dir'],
    httpPort: config['clickhouse-http-port'],
    tcpPort: config['clickhouse-tcp-port'],
    onEvent: ({ kind }) => report(`ClickHouse: ${kind}`),
  });
  const { url: engineUrl, username, password } = engine;
  return { engine, options: { url: engineUrl, username, password, database } };
}

/** What of the disk the spool leaves to ClickHouse, which needs it to take in what waits. */
const MAX_RESERVE_BYTES = 256 * 1024 ** 2;
const RESERVE_SHARE = 0.1;

async function reserveOf(folder: string): Promise<number> {
  const { blocks, bsize } = await statfs(folder);
  return Math.min(MAX_RESERVE_BYTES, RESERVE_SHARE * blocks * bsize);
}

async function openSpool(config: Config): Promise<Spool> {
  const folder = join(resolve(config['data-dir']), 'spool');
  const maxBytes = config['spool-max-size'];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await Spool.open({
      folder,
      maxBytes,
      reserveBytes: await reserveOf(folder),
      readers:
        config['forward-url'] === undefined ? [STORE_READER] : [STORE_READER, FORWARD_READER],
    });
  } catch (error) {
    throw error instanceof ColloquyError ? error : unwritable(folder, error);
  }
}

/** @throws ColloquyError `STARTUP_FAILED` naming the file and what is wrong with it */
function readPrices(path: string | undefined): PriceTable {
  if (path === undefined) return [];
  try {
    return parsePrices(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ColloquyError('STARTUP_FAILED', `Prices cannot be read from ${path}: ${reason}.`, {
      cause: error,
    });
  }
}

/**
 * Starts everything, back to front: store, spool, then the doors.
 * @throws ColloquyError `STARTUP_FAILED` with one sentence; what was started is stopped again
 */
export async function startService(config: Config, report: Report): Promise<Service> {
  const stack: (() => Promise<void>)[] = [];
  const unwind = async (): Promise<void> => {
    for (const stop of stack.splice(0).toReversed()) await stop();
  };
  try {
    return await startParts(config, report, stack, unwind);
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function startParts(
  config: Config,
  report: Report,
  stack: (() => Promise<void>)[],
  unwind: () => Promise<void>,
): Promise<Service> {
  refuseOwnAddress(config);
  const ownTraces = openOwnTraces(config, stack);
  const spool = await openSpool(config);
  stack.push(() => spool.close());
  const { engine, options } = await openStore(config, report);
  if (engine !== undefined) stack.push(() => engine.stop());
  const client = openClient(options);
  stack.push(() => client.close());
  const preparation = await StorePreparation.start({ client, store: options, report });
  stack.push(async () => preparation.stop());
  const inferThreads = config['infer-threads'];
  const prices = readPrices(config.prices);
  const isLetIn = originRule(config['cors-origins']);
  const access = await openAccess({
    client,
    dataDir: config['data-dir'],
    storeName: `${config['clickhouse-url'] ?? 'embedded'} ${options.database}`,
    bootstrapKey: config['bootstrap-key']?.reveal(),
    isLetIn,
    now: Date.now,
    onError: (error) => report(`Keys cannot be kept up to date. ${describeError(error)}`),
  });
  stack.push(() => access.stop());
  checkDoors(config, access);
  const guard = new Guard(access);
  const tls = openTls(config);
  const intake = new Ingest({
    spool,
    preparation,
    store: options,
    inferThreads,
    prices,
    ownTraces,
    now: Date.now,
    report,
  });
  stack.push(() => intake.stop());
  const url = config['forward-url'];
  if (url !== undefined) {
    const headers = headersOf(config['forward-headers']);
    const forward = new Forward({ spool, url, headers, before: STORE_READER, report });
    stack.push(() => forward.stop());
  }
  const retention = createRetention(client, report);
  void preparation.whenDone(() => retention.start());
  stack.push(async () => retention.stop());
  const counters = new OtlpCounters();
  const http = await startHttpServer(
    createApp(client, {
      isPrepared: () => preparation.isDone,
      intake,
      counters,
      metrics: new Metrics(metricSources({ client, spool, intake, counters, access })),
      inferThreads,
      prices,
      masking: {
        settings: new ProjectSettings(client, Date.now),
        counts: (projectId) => intake.masked.of(projectId),
      },
      access,
      guard,
      isLetIn,
      ownTraces,
      report,
    }),
    config.listen,
    { tls },
  );
  stack.push(() => http.stop());
  const grpc = await startGrpc(config, { intake, counters, guard, tls, report });
  if (grpc !== undefined) stack.push(() => grpc.stop());
  return describeService(config, {
    http,
    grpc,
    engine,
    options,
    asksForKeys: access.isLocked,
    isStoreThere: preparation.isDone,
    tls,
    stop: unwind,
  });
}

function openOwnTraces(config: Config, stack: (() => Promise<void>)[]): OwnTraces | undefined {
  const url = config['own-traces-url'];
  if (url === undefined) return undefined;
  const ownTraces = createOwnTraces(url, headersOf(config['own-traces-headers']));
  stack.push(startOwnTraces(ownTraces));
  return ownTraces;
}

function createRetention(client: ClickHouseClient, report: Report): Retention {
  const onError = (error: unknown): void =>
    report(`What has expired was not erased, trying again. ${describeError(error)}`);
  const ledger = new ErasureLedger(client, Date.now);
  return new Retention({ client, ledger, now: Date.now, onError });
}

async function startGrpc(
  config: Config,
  {
    intake,
    counters,
    guard,
    tls,
    report,
  }: {
    readonly intake: RequestIntake;
    readonly counters: OtlpCounters;
    readonly guard: Guard;
    readonly tls: TlsFiles | undefined;
    readonly report: Report;
  },
): Promise<GrpcReceiver | undefined> {
  const listen = config['grpc-listen'];
  if (listen === undefined) return undefined;
  return startGrpcReceiver({
    listen,
    intake,
    counters,
    admit: guard.admitCall,
    tls,
    maxMessageBytes: DEFAULT_BODY_LIMITS.maxBodyBytes,
    onInternalError: (error) => report(describeError(error)),
  });
}

interface Parts {
  readonly http: HttpServer;
  readonly grpc: GrpcReceiver | undefined;
  readonly engine: Engine | undefined;
  readonly options: StoreOptions;
  readonly asksForKeys: boolean;
  readonly isStoreThere: boolean;
  readonly tls: TlsFiles | undefined;
  readonly stop: () => Promise<void>;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function describeService(
  config: Config,
  { http, grpc, engine, options, asksForKeys, isStoreThere, tls, stop }: Parts,
): Service {
  const grpcHost = config['grpc-listen']?.host;
  return {
    httpUrl: `http${tls === undefined ? '' : 's'}://${bracketed(config.listen.host)}:${http.port}`,
    grpcAddress:
      grpc === undefined || grpcHost === undefined
        ? undefined
        : `${bracketed(grpcHost)}:${grpc.port}`,
    asksForKeys,
    store: options,
    isStoreThere,
    engine,
    reloadTls: tls === undefined ? undefined : () => tls.reload(),
    stop,
  };
}
