import type { ClickHouseClient } from '@clickhouse/client';
import { findThreadIds } from './store/read-facts.js';
import type { DerivedStore } from './store/write-derived.js';
import type { TouchedTrace } from './store/write-facts.js';
import { loadThreads } from './thread-loader.js';

export interface RebuilderOptions {
  readonly client: ClickHouseClient;
  readonly derived: DerivedStore;
  /** How long changes gather before a run, so that one run serves many. */
  readonly delayMs: number;
  /** Told of a run that failed; its threads are tried again. */
  readonly onError: (error: unknown) => void;
}

/** Threads that one run reads and rebuilds together. */
const MAX_THREADS = 100;
const MAX_TRACES = 1_000;
const RETRY_MS = 1_000;

/** Keeps the derived tables up with the facts: rebuilds the threads that were touched. */
export class Rebuilder {
  readonly #options: RebuilderOptions;
  readonly #dirty = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: RebuilderOptions) {
    this.#options = options;
  }

  /** Notes that facts of these traces have been stored. */
  touch(traces: readonly TouchedTrace[]): void {
    for (const { projectId, traceId } of traces) {
      const known = this.#dirty.get(projectId);
      if (known === undefined) this.#dirty.set(projectId, new Set([traceId]));
      else known.add(traceId);
    }
    this.#schedule(this.#options.delayMs);
  }

  /** How many traces wait for their thread to be rebuilt. */
  get waiting(): number {
    return [...this.#dirty.values()].reduce((sum, traces) => sum + traces.size, 0);
  }

  /** Rebuilds what waits and stops; what fails now is found again at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    if (this.waiting > 0) await this.#run();
  }

  #schedule(delayMs: number): void {
    if (
      this.#stopped ||
      this.#timer !== undefined ||
      this.#running !== undefined ||
      this.waiting === 0
    )
      return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        this.#schedule(this.#options.delayMs);
      });
    }, delayMs);
  }

  async #run(): Promise<void> {
    for (const [projectId, traces] of this.#dirty) {
      const taken = [...traces].slice(0, MAX_TRACES);
      for (const traceId of taken) traces.delete(traceId);
      if (traces.size === 0) this.#dirty.delete(projectId);
      try {
        await this.#rebuild(projectId, taken);
      } catch (error) {
        this.#options.onError(error);
        await new Promise((resolve) => setTimeout(resolve, this.#stopped ? 0 : RETRY_MS));
        if (!this.#stopped) this.touch(taken.map((traceId) => ({ projectId, traceId })));
      }
    }
  }

  async #rebuild(projectId: string, traceIds: readonly string[]): Promise<void> {
    const { client, derived } = this.#options;
    const threadIds = await findThreadIds(client, projectId, traceIds);
    for (let first = 0; first < threadIds.length; first += MAX_THREADS) {
      const threads = await loadThreads(
        client,
        projectId,
        threadIds.slice(first, first + MAX_THREADS),
      );
      await derived.write(projectId, threads);
    }
  }
}
