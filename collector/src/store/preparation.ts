import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError } from '../errors.js';
import { CLIENT_TIMEOUT, isAway } from './away.js';
import type { StoreOptions } from './client.js';
import { migrate } from './migrate.js';

const PING_MS = 3_000;
const RETRY_MS = 1_000;

export interface PreparationOptions {
  readonly client: ClickHouseClient;
  readonly store: StoreOptions;
  /** Told, in a sentence, why it goes on trying, and when it is done. */
  readonly report: (message: string) => void;
}

function cannotBeUsed({ url }: StoreOptions, error: unknown): ColloquyError {
  if (error instanceof ColloquyError) return error;
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new ColloquyError(
    'STARTUP_FAILED',
    `ClickHouse at ${url} cannot be used: ${reason.slice(0, 300)}`,
    { cause: error },
  );
}

/**
 * Brings the database to this version's schema: before the doors open where ClickHouse is there, and
 * otherwise as soon as it is. Nothing may be written before.
 */
export class StorePreparation {
  readonly #options: PreparationOptions;
  readonly #stopping = new AbortController();
  #isDone = false;
  #trying: Promise<void> = Promise.resolve();

  private constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /** @throws ColloquyError `STARTUP_FAILED` when ClickHouse is there and cannot be used */
  static async start(options: PreparationOptions): Promise<StorePreparation> {
    const preparation = new StorePreparation(options);
    try {
      await preparation.#prepare();
    } catch (error) {
      if (!isAway(error)) throw cannotBeUsed(options.store, error);
      const { message } = cannotBeUsed(options.store, error);
      options.report(`${message}. What is sent is kept until it can be.`);
      preparation.#trying = preparation.#insist(message);
    }
    return preparation;
  }

  /** Whether the database is at this version's schema. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Calls back once it is; never after {@link stop}. */
  async whenDone(callback: () => void): Promise<void> {
    await this.#trying;
    if (this.#isDone && !this.#stopping.signal.aborted) callback();
  }

  /** Tries no more. */
  stop(): void {
    this.#stopping.abort();
  }

  async #prepare(): Promise<void> {
    const { client, store } = this.#options;
    const { signal } = this.#stopping;
    const timeout = AbortSignal.timeout(PING_MS);
    const abort_signal = AbortSignal.any([signal, timeout]);
    const found = await client.ping({ select: false, abort_signal });
    // One that takes connections and says nothing is away, too.
    if (!found.success) throw timeout.aborted ? new Error(CLIENT_TIMEOUT) : found.error;
    await migrate(client, store);
    this.#isDone = true;
  }

  /** One after the other until it works; says why not, when that changes. */
  async #insist(said: string): Promise<void> {
    const { store, report } = this.#options;
    const { signal } = this.#stopping;
    let last = said;
    while (!signal.aborted) {
      try {
        await sleep(RETRY_MS, undefined, { signal });
        await this.#prepare();
        report(`ClickHouse at ${store.url} is there; what was kept is stored now.`);
        return;
      } catch (error) {
        const { message } = cannotBeUsed(store, error);
        if (!signal.aborted && message !== last) report(`${message}. Trying again.`);
        last = message;
      }
    }
  }
}
