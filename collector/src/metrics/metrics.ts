import type { MiddlewareHandler } from 'hono';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FlowCounts } from '../ingest/flow.js';
import { type SignalCounts, OUTCOMES } from '../receivers/otlp/counters.js';
import { SIGNAL_NAMES, SIGNALS, type Signal } from '../receivers/otlp/signals.js';
import { boundProjects } from './bound-projects.js';

/** Where the numbers come from; all of them are asked at each scrape. */
export interface MetricSources {
  readonly flow: () => ReadonlyMap<string, FlowCounts>;
  /** Items by signal and outcome, of all projects. */
  readonly received: () => Readonly<Record<Signal, SignalCounts>>;
  /** Requests that were turned away, by error code. */
  readonly denied: () => Readonly<Record<string, number>>;
  readonly spool: { readonly bytes: number; readonly maxBytes: number };
  /** Dead letters that wait, by project. @throws when ClickHouse does not answer */
  readonly deadLetters: () => Promise<ReadonlyMap<string, { readonly count: number }>>;
}

/** Of this process, however many collectors run in it. */
const PROCESS = new Registry();
let isMeasuringProcess = false;

function measureProcess(): void {
  if (!isMeasuringProcess) collectDefaultMetrics({ register: PROCESS });
  isMeasuringProcess = true;
}

const FLOW: Readonly<Record<keyof FlowCounts, readonly [name: string, help: string]>> = {
  accepted: ['accepted', 'Spans and log records on disk; their senders were told so.'],
  stored: ['stored', 'Spans and log records in ClickHouse.'],
  queryable: ['rebuilt', 'Spans and log records in ClickHouse whose threads are rebuilt.'],
  refused: ['refused', 'Spans and log records that could not be stored: dead letters.'],
};

const SIGNAL_OF: ReadonlyMap<string, Signal> = new Map(
  SIGNAL_NAMES.map((signal) => [SIGNALS[signal].path, signal]),
);

/** Seconds; exporters give up after ten. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus is told: counts, sizes and times, by project and signal; never an id or a text of a sender. */
export class Metrics {
  readonly #own = new Registry();
  readonly #latency: Histogram<'signal' | 'status'>;

  constructor(sources: MetricSources) {
    measureProcess();
    this.#addFlow(sources);
    this.#addRefusals(sources);
    this.#addSpool(sources);
    this.#addDeadLetters(sources);
    this.#latency = new Histogram({
      name: 'colloquy_http_ingest_duration_seconds',
      help: 'From the head of an OTLP/HTTP request to its answer.',
      labelNames: ['signal', 'status'],
      buckets: LATENCY_BUCKETS,
      registers: [this.#own],
    });
  }

  /** Times requests of OTLP/HTTP. */
  readonly timeIngest: MiddlewareHandler = async (context, next) => {
    const signal = SIGNAL_OF.get(context.req.path);
    if (signal === undefined || context.req.method !== 'POST') return next();
    const start = performance.now();
    await next();
    const seconds = (performance.now() - start) / 1_000;
    this.#latency.observe({ signal, status: String(context.res.status) }, seconds);
  };

  get contentType(): string {
    return this.#own.contentType;
  }

  /** Prometheus text, version 0.0.4. */
  async render(): Promise<string> {
    return `${await this.#own.metrics()}\n${await PROCESS.metrics()}`;
  }

  #addFlow({ flow }: MetricSources): void {
    for (const [stage, [name, help]] of Object.entries(FLOW)) {
      const counter: Counter<'project'> = new Counter({
        name: `colloquy_items_${name}_total`,
        help,
        labelNames: ['project'],
        registers: [this.#own],
        collect: () => {
          counter.reset();
          for (const [project, counts] of boundProjects(flow()))
            counter.inc({ project }, counts[stage as keyof FlowCounts]);
        },
      });
    }
    const spooled: Gauge<'project'> = new Gauge({
      name: 'colloquy_items_spooled',
      help: 'Spans and log records that wait on disk for ClickHouse.',
      labelNames: ['project'],
      registers: [this.#own],
      collect: () => {
        spooled.reset();
        for (const [project, { accepted, stored, refused }] of boundProjects(flow()))
          spooled.set({ project }, accepted - stored - refused);
      },
    });
  }

  #addRefusals({ received, denied }: MetricSources): void {
    const items: Counter<'signal' | 'outcome'> = new Counter({
      name: 'colloquy_received_items_total',
      help: 'Spans, log records and data points by what became of them at the door.',
      labelNames: ['signal', 'outcome'],
      registers: [this.#own],
      collect: () => {
        items.reset();
        const counts = received();
        for (const signal of SIGNAL_NAMES)
          for (const outcome of OUTCOMES) items.inc({ signal, outcome }, counts[signal][outcome]);
      },
    });
    const requests: Counter<'reason'> = new Counter({
      name: 'colloquy_requests_denied_total',
      help: 'Requests that were turned away at the door.',
      labelNames: ['reason'],
      registers: [this.#own],
      collect: () => {
        requests.reset();
        for (const [reason, count] of Object.entries(denied())) requests.inc({ reason }, count);
      },
    });
  }

  #addSpool({ spool }: MetricSources): void {
    const bytes: Gauge = new Gauge({
      name: 'colloquy_spool_bytes',
      help: 'On disk, those included that have been read and are not removed yet.',
      registers: [this.#own],
      collect: () => bytes.set(spool.bytes),
    });
    new Gauge({
      name: 'colloquy_spool_limit_bytes',
      help: '--spool-max-size.',
      registers: [this.#own],
    }).set(spool.maxBytes);
  }

  #addDeadLetters({ deadLetters }: MetricSources): void {
    const waiting: Gauge<'project'> = new Gauge({
      name: 'colloquy_dead_letters_waiting',
      help: 'Requests with items that could not be stored; left out while ClickHouse does not answer.',
      labelNames: ['project'],
      registers: [this.#own],
      collect: async () => {
        waiting.reset();
        const counts = await deadLetters().catch(
          () => new Map<string, { readonly count: number }>(),
        );
        for (const [project, { count }] of boundProjects(counts)) waiting.set({ project }, count);
      },
    });
  }
}
