import type { ClickHouseClient } from '@clickhouse/client';
import type { LogRecord, Span } from '@colloquy/schema';
import type { RefusedItem, TelemetryBatch, TelemetryConsumer } from './consumer.js';
import type { PriceTable } from './conversation/price-table.js';
import type { Masking } from './masking/masking.js';
import { normaliseLog, normaliseSpan } from './normalise/normalise.js';
import { Rebuilder } from './rebuilder.js';
import type { ArrivalGuard } from './store/arrival-guard.js';
import { FactStore } from './store/fact-store.js';
import { findStaleTraces } from './store/read-facts.js';
import { DerivedStore } from './store/write-derived.js';
import type { TouchedTrace } from './store/write-facts.js';
import { ThreadJoiner } from './thread-joiner.js';

export interface PipelineOptions {
  readonly client: ClickHouseClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of background work that failed and will be tried again. */
  readonly onError: (error: unknown) => void;
  /** Whether traces without an id are joined to what they go on from; yes where this is left out. */
  readonly inferThreads?: boolean;
  /** The project's own prices; public ones where this is left out. */
  readonly prices?: PriceTable;
  /** Milliseconds between inserts at the least, in which batches gather; none unless given. */
  readonly intervalMs?: number;
  /** Keeps out what was erased; nothing unless given. */
  readonly guard?: ArrivalGuard;
  /** Projects of which something was erased since this was asked last; none unless given. */
  readonly erased?: () => Promise<ReadonlySet<string>>;
  /** What projects want masked before it is stored; nothing where this is left out. */
  readonly masking?: Masking;
}

/** How long changes gather before threads are rebuilt: well within the 2 s that lists may lag. */
const REBUILD_DELAY_MS = 250;

/** From decoded telemetry to rows, and from rows to rebuilt threads. */
export class Pipeline implements TelemetryConsumer {
  readonly #options: PipelineOptions;
  readonly #facts: FactStore;
  readonly #rebuilder: Rebuilder;

  constructor(options: PipelineOptions) {
    const { client, now, onError, inferThreads = true, prices = [] } = options;
    this.#options = options;
    this.#rebuilder = new Rebuilder({
      client,
      derived: new DerivedStore(client, now),
      joiner: inferThreads ? new ThreadJoiner(client, now) : undefined,
      delayMs: REBUILD_DELAY_MS,
      prices,
      erased: options.erased,
      onError,
    });
    this.#facts = new FactStore({
      client,
      now,
      intervalMs: options.intervalMs ?? 0,
      guard: options.guard,
      onStored: (touched, messages) => {
        this.#rebuilder.learn(messages);
        this.#rebuilder.touch(touched);
      },
    });
  }

  async consume(received: TelemetryBatch): Promise<readonly RefusedItem[]> {
    const masked = await this.#options.masking?.mask(received);
    const { spans, logs, ...batch } = masked?.batch ?? received;
    const refused: RefusedItem[] = [];
    const canonical = {
      ...batch,
      spans: spans.flatMap((span) => this.#attempt(span, normaliseSpan, refused)),
      logs: logs.flatMap((log) => this.#attempt(log, normaliseLog, refused)),
    };
    refused.push(...(await this.#facts.write(canonical)));
    return masked === undefined ? refused : masked.asReceived(refused);
  }

  /** No input should make a rule throw; should one do so, the item is refused alone and told of. */
  #attempt<Item extends Span | LogRecord, T>(
    item: Item,
    read: (item: Item) => T,
    refused: RefusedItem[],
  ): readonly T[] {
    try {
      return [read(item)];
    } catch (error) {
      this.#options.onError(error);
      refused.push({ item, reason: 'its content cannot be read' });
      return [];
    }
  }

  /** Traces that wait for their thread to be rebuilt. */
  get waiting(): number {
    return this.#rebuilder.waiting;
  }

  /** Finds what an earlier process stored and did not get to rebuild. */
  async recover(): Promise<void> {
    this.#rebuilder.touch(await findStaleTraces(this.#options.client));
  }

  /** Has the threads of these traces rebuilt. */
  touch(traces: readonly TouchedTrace[]): void {
    this.#rebuilder.touch(traces);
  }

  /** Resolves when the threads of all that has been stored by now are rebuilt. */
  async rebuilt(): Promise<void> {
    await this.#rebuilder.rebuilt();
  }

  /** Does work while no thread is rebuilt. */
  async holdRebuilds<T>(work: () => Promise<T>): Promise<T> {
    return this.#rebuilder.hold(work);
  }

  /** Resolves when no thread waits to be rebuilt. */
  async settle(): Promise<void> {
    await this.#rebuilder.settle();
  }

  /** Resolves when all that was accepted is stored and rebuilt. */
  async stop(): Promise<void> {
    await this.#facts.drain();
    await this.#rebuilder.stop();
  }
}
