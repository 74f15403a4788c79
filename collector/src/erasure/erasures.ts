import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError } from '../errors.js';
import type { ArrivalGuard } from '../store/arrival-guard.js';
import { Arrivals } from './arrivals.js';
import { ErasureEpochs } from './epochs.js';
import { eraseLate } from './late.js';
import { ErasureLedger } from './ledger.js';
import { ErasureWorker, type ErasureWorkerOptions } from './worker.js';

export interface ErasuresOptions {
  readonly client: ClickHouseClient;
  readonly inferThreads: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until every process that shares the ClickHouse has noticed an erasure; the same for all. */
  readonly refreshMs?: number;
}

type WorkerParts = Omit<ErasureWorkerOptions, keyof ErasuresOptions | 'ledger' | 'epochs'>;

/** All that erasing takes: who keeps late arrivals out, who erases, and what is known of it. */
export class Erasures {
  readonly ledger: ErasureLedger;
  readonly guard: ArrivalGuard;
  readonly #options: ErasuresOptions;
  readonly #epochs: ErasureEpochs;
  #worker: ErasureWorker | undefined;

  constructor(options: ErasuresOptions) {
    const { client, now, refreshMs = 1_000 } = options;
    this.#options = options;
    this.ledger = new ErasureLedger(client, now);
    this.#epochs = new ErasureEpochs(client, refreshMs);
    this.guard = new Arrivals({
      client,
      epochs: this.#epochs,
      now,
      onLate: (projectId, traces) => eraseLate(client, this.worker, projectId, traces),
    });
  }

  /** For one who remembers things of projects: of which something was erased since this was asked last. */
  watch(): () => Promise<ReadonlySet<string>> {
    const changed = this.#epochs.watch();
    return async () => {
      await this.#epochs.refresh();
      return changed();
    };
  }

  /** Takes up what an earlier process left, and then whatever is asked for. */
  start(parts: WorkerParts): ErasureWorker {
    const { ledger } = this;
    const epochs = this.#epochs;
    this.#worker = new ErasureWorker({ ...this.#options, ...parts, ledger, epochs });
    this.#worker.start();
    return this.#worker;
  }

  /** @throws ColloquyError `STORE_UNAVAILABLE` before the start */
  get worker(): ErasureWorker {
    if (this.#worker !== undefined) return this.#worker;
    throw new ColloquyError(
      'STORE_UNAVAILABLE',
      'The collector is starting; try again in a moment.',
    );
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
  }
}
