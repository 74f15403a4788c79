import type { ClickHouseClient } from '@clickhouse/client';
import type { CheckedRequest, RequestIntake, TelemetryConsumer } from './consumer.js';
import { Drain } from './drain.js';
import { ColloquyError } from './errors.js';
import { Flow } from './flow.js';
import { comparePositions } from './spool/position.js';
import { readSpool } from './spool/reader.js';
import type { Spool } from './spool/spool.js';
import { buryRequest } from './store/dead-letters.js';

/** The spool's reader that takes requests to the store. */
export const STORE_READER = 'store';

/** How long a stop waits for what was accepted; the next start goes on with the rest. */
const STOP_MS = 10_000;

export interface IngestOptions {
  readonly spool: Spool;
  readonly client: ClickHouseClient;
  readonly pipeline: TelemetryConsumer & { rebuilt(): Promise<void> };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of failures that are tried again. */
  readonly onError: (error: unknown) => void;
  /** Told of damage on the disk, in a sentence. */
  readonly onDamage: (message: string) => void;
}

/** From accepted requests to stored ones: the spool, and what empties it. */
export class Ingest implements RequestIntake {
  readonly #options: IngestOptions;
  readonly #reading = new AbortController();
  readonly #working = new AbortController();
  readonly #drain: Drain;
  /** How far what was accepted has come. */
  readonly flow = new Flow();

  constructor(options: IngestOptions) {
    this.#options = options;
    const { spool, client, pipeline, onError, onDamage } = options;
    const { flow } = this;
    const start = spool.end;
    this.#drain = new Drain({
      requests: readSpool(spool, {
        from: spool.cursor(STORE_READER),
        signal: this.#reading.signal,
        onDamage: ({ segment, offset }) =>
          onDamage(`Segment ${segment} of the spool is damaged at byte ${offset}; a copy is kept.`),
      }),
      consumer: pipeline,
      rebuilt: () => pipeline.rebuilt(),
      bury: (dead) => buryRequest(client, dead),
      onRead: ({ frame, next }) => {
        const isLeftBehind = comparePositions(next, start) <= 0;
        if (isLeftBehind) flow.add(frame.projectId, 'accepted', frame.items);
      },
      onStored: ({ frame, refused }) => {
        flow.add(frame.projectId, 'stored', frame.items - refused);
        flow.add(frame.projectId, 'refused', refused);
      },
      onQueryable: async (end, done) => {
        await spool.commit(STORE_READER, end);
        for (const { frame, refused } of done)
          flow.add(frame.projectId, 'queryable', frame.items - refused);
      },
      onError: (error) => {
        // That ClickHouse is away is told of once, where it is noticed.
        onError(error instanceof ColloquyError ? (error.cause ?? error) : error);
      },
      signal: this.#working.signal,
    });
  }

  async accept(request: CheckedRequest): Promise<void> {
    const { spool, now } = this.#options;
    const { projectId, signal, encoding, items, body } = request;
    await spool.append({ projectId, signal, encoding, items, receivedAt: now(), body });
    this.flow.add(projectId, 'accepted', items);
  }

  /** Stores what was accepted, as far as that is soon done. */
  async stop(): Promise<void> {
    const deadline = AbortSignal.timeout(STOP_MS);
    await this.#options.spool.waitUntilRead(STORE_READER, deadline).catch(() => undefined);
    this.#reading.abort();
    this.#working.abort();
    await this.#drain.ended();
  }
}
