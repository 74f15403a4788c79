import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { LoadMemory } from './load-memory.js';
import type { PriceTable } from './conversation/price-table.js';
import { threadsOfLinks } from './message-links.js';
import { forgetMessages } from './normalise/intern.js';
import { findReferences } from './store/message-references.js';
import { findSpeaking } from './store/read-facts.js';
import { traced } from './own-traces/traced.js';
import { refusalOf } from './store/refusal.js';
import { readBriefs, threadIdsOf } from './store/unnamed-days.js';
import type { DerivedStore } from './store/write-derived.js';
import type { NewMessages, TouchedTrace } from './store/write-facts.js';
import { TEXTS } from './text-memory.js';
import type { ThreadJoiner } from './thread-joiner.js';
import { loadThreads } from './thread-loader.js';

export interface RebuilderOptions {
  readonly client: ClickHouseClient;
  readonly derived: DerivedStore;
  /** Joins traces that have no id; without it each is a thread of its own. */
  readonly joiner: ThreadJoiner | undefined;
  /** How long changes gather before a run, so that one run serves many; longer while runs take long. */
  readonly delayMs: number;
  /** The project's own prices. */
  readonly prices: PriceTable;
  /** Projects of which something was erased since this was asked last; none unless given. */
  readonly erased?: (() => Promise<ReadonlySet<string>>) | undefined;
  /** Told of a run that failed; its threads are tried again. */
  readonly onError: (error: unknown) => void;
}

/** Threads that one run reads and rebuilds together. */
const MAX_THREADS = 100;
const MAX_TRACES = 2_000;
const RETRY_MS = 1_000;

/** Under load changes gather up to this long: lists may lag 2 s in all. */
const MAX_DELAY_MS = 1_000;

/** How much longer than a run changes gather after it, so that runs take a third of the time at most. */
const REST = 2;

/** Keeps the derived tables up with the facts: rebuilds the threads that were touched. */
export class Rebuilder {
  readonly #options: RebuilderOptions;
  readonly #memory = new LoadMemory();
  /** Traces by project, and whether what came of them is silent. */
  readonly #dirty = new Map<string, Map<string, boolean>>();
  /** Threads that traces were put in or taken from, and that are not rebuilt yet. */
  readonly #owed = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Whom to tell when what waits now is rebuilt. */
  #awaiting: (() => void)[] = [];
  #failed = false;
  #holds = 0;

  constructor(options: RebuilderOptions) {
    this.#options = options;
  }

  /** Notes that facts of these traces have been stored. */
  touch(traces: readonly TouchedTrace[]): void {
    for (const { projectId, traceId, isSilent = false } of traces) {
      const known = this.#dirty.get(projectId) ?? new Map<string, boolean>();
      this.#dirty.set(projectId, known);
      known.set(traceId, isSilent && (known.get(traceId) ?? true));
    }
    this.#schedule(this.#options.delayMs);
  }

  /** Takes messages that were just stored, so that they need not be read again. */
  learn(messages: NewMessages): void {
    for (const [projectId, own] of messages) this.#memory.facts.learn(projectId, own);
  }

  /** How many traces wait for their thread to be rebuilt. */
  get waiting(): number {
    return [...this.#dirty.values()].reduce((sum, traces) => sum + traces.size, 0);
  }

  /** Resolves when nothing waits any more. */
  async settle(): Promise<void> {
    while (!this.#stopped && (this.waiting > 0 || this.#running !== undefined)) {
      await (this.#running ?? sleep(this.#options.delayMs));
    }
  }

  /** Resolves when what was touched by now is rebuilt, whatever is touched meanwhile. */
  async rebuilt(): Promise<void> {
    if (this.waiting === 0 && this.#running === undefined) return;
    await new Promise<void>((resolve) => this.#awaiting.push(resolve));
  }

  /** Does work while nothing is rebuilt; what is touched meanwhile waits. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      await this.#running;
      return await work();
    } finally {
      this.#holds -= 1;
      this.#schedule(this.#options.delayMs);
    }
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
      this.#holds > 0 ||
      this.#timer !== undefined ||
      this.#running !== undefined ||
      this.waiting === 0
    )
      return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#holds > 0) return;
      const start = performance.now();
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        const rest = Math.min(REST * (performance.now() - start), MAX_DELAY_MS);
        this.#schedule(Math.max(this.#options.delayMs, rest));
      });
    }, delayMs);
  }

  /** Takes what waits now; what is touched meanwhile is for the next run. */
  async #run(): Promise<void> {
    if (!(await this.#forgetErased())) return;
    const taken = new Map(this.#dirty);
    const awaiting = this.#awaiting;
    this.#dirty.clear();
    this.#awaiting = [];
    this.#failed = false;
    for (const [projectId, traces] of taken) {
      const touched = [...traces].map(([traceId, isSilent]) => ({ projectId, traceId, isSilent }));
      for (let first = 0; first < touched.length; first += MAX_TRACES) {
        await this.#rebuildOrKeep(projectId, touched.slice(first, first + MAX_TRACES));
      }
    }
    const next = this.#awaiting;
    if (this.#failed) this.#awaiting = [...awaiting, ...next];
    else {
      for (const resolve of awaiting) resolve();
      if (this.waiting > 0) return;
      this.#awaiting = [];
      for (const resolve of next) resolve();
    }
  }

  /** False where ClickHouse does not tell what was erased; what waits goes on waiting then. */
  async #forgetErased(): Promise<boolean> {
    try {
      const erased = (await this.#options.erased?.()) ?? new Set();
      for (const projectId of erased) this.#forget(projectId);
      if (erased.size > 0) forgetReceived();
      return true;
    } catch (error) {
      this.#options.onError(error);
      if (!this.#stopped) await sleep(RETRY_MS);
      return false;
    }
  }

  #forget(projectId: string): void {
    const { derived, joiner } = this.#options;
    this.#memory.forget(projectId);
    derived.forget(projectId);
    joiner?.forget(projectId);
  }

  async #rebuildOrKeep(projectId: string, touched: readonly TouchedTrace[]): Promise<void> {
    try {
      const traceIds = await this.#speaking(projectId, touched);
      if (traceIds.length === 0) return;
      const briefs = await readBriefs(this.#options.client, projectId, traceIds);
      const owed = this.#owed.get(projectId) ?? new Set();
      this.#owed.set(projectId, owed);
      for (const threadId of (await this.#options.joiner?.join(projectId, briefs)) ?? [])
        owed.add(threadId);
      const messageIds = briefs.flatMap((brief) => brief.messageIds);
      const references = await findReferences(this.#options.client, projectId, messageIds);
      const named = await threadIdsOf(this.#options.client, projectId, briefs);
      const threadIds = [...new Set([...named, ...threadsOfLinks(references), ...owed])];
      // Should this fail half-way, what is written by then may be known under these ids alone.
      for (const threadId of threadIds) owed.add(threadId);
      for (let first = 0; first < threadIds.length; first += MAX_THREADS) {
        await this.#rebuild(projectId, threadIds.slice(first, first + MAX_THREADS));
      }
      this.#owed.delete(projectId);
    } catch (error) {
      this.#failed = true;
      this.#options.onError(error);
      if (this.#stopped) return;
      await sleep(RETRY_MS);
      this.touch(touched);
    }
  }

  /** Traces of which something came that a thread is made of, now or before. */
  async #speaking(projectId: string, touched: readonly TouchedTrace[]): Promise<readonly string[]> {
    const silent = idsOf(touched.filter(({ isSilent }) => isSilent));
    const speaking = await findSpeaking(this.#options.client, projectId, silent);
    return [...idsOf(touched.filter(({ isSilent }) => isSilent !== true)), ...speaking];
  }

  /**
   * A thread that cannot be rebuilt keeps no other from it: the batch is tried one by one then. What
   * ClickHouse answers may pass, so that is thrown and tried again; a fault of ours will not.
   */
  async #rebuild(projectId: string, threadIds: readonly string[]): Promise<void> {
    const { client, derived, joiner, prices, onError } = this.#options;
    try {
      await traced('rebuild threads', { 'colloquy.threads': threadIds.length }, async () =>
        derived.write(
          projectId,
          await loadThreads(client, projectId, threadIds, {
            inferThreads: joiner !== undefined,
            prices,
            memory: this.#memory,
          }),
        ),
      );
    } catch (error) {
      if (threadIds.length > 1) {
        await this.#rebuildEach(projectId, threadIds);
      } else if (isOurFault(error)) {
        onError(error);
      } else {
        throw error;
      }
    }
  }

  /** @throws the last of what failed, once all have been tried */
  async #rebuildEach(projectId: string, threadIds: readonly string[]): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (const threadId of threadIds) {
      await this.#rebuild(projectId, [threadId]).catch((error: unknown) => {
        failure = { error };
      });
    }
    if (failure !== undefined) throw failure.error;
  }
}

/** Texts as they were received are remembered for all projects together. */
function forgetReceived(): void {
  TEXTS.clear();
  forgetMessages();
}

const idsOf = (traces: readonly TouchedTrace[]): readonly string[] =>
  traces.map(({ traceId }) => traceId);

const isOurFault = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || refusalOf(error) !== undefined;
