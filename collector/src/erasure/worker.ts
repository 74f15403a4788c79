import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TouchedTrace } from '../store/write-facts.js';
import { countErased, countTables } from './count.js';
import type { ErasureEpochs } from './epochs.js';
import {
  countLeft,
  eraseTables,
  findTouched,
  restoreRemains,
  revokeKeys,
  splitTables,
  type RoundOptions,
} from './erase.js';
import { askErasure } from './ask-erasure.js';
import type { Erasure, ErasureLedger, ErasureReport } from './ledger.js';
import { markSubject, markTargets } from './marks.js';
import { plan } from './plan.js';
import { tablesToErase, type ConditionParams } from './store-tables.js';
import type { Subject } from './subject.js';
import {
  dropForgottenTargets,
  dropTargets,
  noteContents,
  noteReferred,
  noteUnshared,
  readScope,
  writeTargets,
} from './targets.js';

export interface ErasureWorkerOptions {
  readonly client: ClickHouseClient;
  readonly ledger: ErasureLedger;
  readonly epochs: ErasureEpochs;
  readonly inferThreads: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves when all that was accepted by now is stored and rebuilt. */
  readonly settle: (signal: AbortSignal) => Promise<void>;
  /** Does work while no thread is rebuilt. */
  readonly holdRebuilds: <T>(work: () => Promise<T>) => Promise<T>;
  /** Has the threads of these traces rebuilt. */
  readonly touch: (traces: readonly TouchedTrace[]) => void;
  /** Told of work that failed and will be tried again. */
  readonly onError: (error: unknown) => void;
}

/** After this every process has noticed, and what it was writing then is stored. */
const graceOf = (refreshMs: number): number => 2.5 * refreshMs;

/** One who has said nothing for this long is taken to have ended. */
const ABANDONED_MS = 10_000;
const LOOK_MS = 1_000;
const TIDY_MS = 60_000;
const RETRY_MS = 5_000;
const MAX_ROUNDS = 10;
/** How often progress is written down. */
const NOTE_MS = 1_000;

const isContent = (table: string): boolean =>
  table === 'fact_contents' || table === 'fact_histories';

export const paramsOf = (
  { projectId, id, erasedAt }: Pick<Erasure, 'projectId' | 'id' | 'erasedAt'>,
  subject: Subject,
): ConditionParams => ({
  projectId,
  erasureId: id,
  erasedAt,
  startedBefore: subject.kind === 'late' ? subject.startedBefore : erasedAt,
  expiredBefore: subject.kind === 'expired' ? subject.before : 0,
});

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? '';

/** Erases what was asked for, one after the other, and takes up again what an earlier process left. */
export class ErasureWorker {
  readonly #options: ErasureWorkerOptions;
  readonly #name = randomUUID();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tidiedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ErasureWorkerOptions) {
    this.#options = options;
  }

  /** Begins to look for work, now and from time to time. */
  start(): void {
    this.#timer = setInterval(() => this.#wake(), LOOK_MS);
    this.#wake();
  }

  /** Leaves off; the next process goes on from there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  get isErasing(): boolean {
    return this.#running !== undefined;
  }

  /** Writes an erasure down and begins with it as soon as those before it are done. */
  async ask(projectId: string, subject: Subject): Promise<Erasure> {
    const erasure = await askErasure(this.#options, projectId, subject);
    await this.#options.epochs.read();
    this.#wake();
    return erasure;
  }

  #wake(): void {
    if (this.#stopping.signal.aborted || this.#running !== undefined) return;
    this.#running = this.#runAll()
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Clears away what processes that were lost have left of erasures that are done. */
  async #tidy(): Promise<void> {
    const { ledger, client, now } = this.#options;
    if (now() - this.#tidiedAt < TIDY_MS) return;
    await dropForgottenTargets(client);
    await ledger.forgetSubjects();
    this.#tidiedAt = now();
  }

  async #runAll(): Promise<void> {
    const { ledger, now } = this.#options;
    await this.#tidy();
    const isFree = ({ worker, updatedAt }: Erasure): boolean =>
      worker === '' || worker === this.#name || now() - updatedAt > ABANDONED_MS;
    for (;;) {
      const next = (await ledger.findUnfinished()).find(isFree);
      if (next === undefined || this.#stopping.signal.aborted) return;
      await this.#runOrNote(next);
    }
  }

  async #runOrNote(erasure: Erasure): Promise<void> {
    const { ledger, onError } = this.#options;
    try {
      await this.#run(erasure);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      onError(error);
      const current = (await ledger.find(erasure.projectId, erasure.id)) ?? erasure;
      await ledger.write({ ...current, report: { ...current.report, error: reasonOf(error) } });
      await sleep(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  /** From wherever it was left: nothing is deleted before all that goes has been written down. */
  async #run(erasure: Erasure): Promise<void> {
    const { subject } = erasure;
    if (subject === undefined) return;
    let current: Erasure = { ...erasure, worker: this.#name };
    const note = async (state: Erasure['state'], report: Partial<ErasureReport>): Promise<void> => {
      const next = { ...current, state, report: { ...current.report, ...report } };
      current = await this.#options.ledger.write(next);
    };
    if (current.state !== 'deleting') {
      await note('draining', { step: 'waiting for what was accepted before' });
      await markSubject(this.#options.client, current, subject);
      await this.#waitForWriters();
      await note('draining', { step: 'looking for what belongs to it' });
      await note('deleting', await this.#prepare(current, subject));
    }
    const notedSince = Date.now();
    let lastNote = 0;
    const options: RoundOptions = {
      client: this.#options.client,
      params: paramsOf(current, subject),
      signal: this.#stopping.signal,
      onStep: async (step) => {
        if (Date.now() - lastNote < NOTE_MS) return;
        lastNote = Date.now();
        await note('deleting', { step });
      },
    };
    for (let round = 1, isLeft = true; isLeft; round += 1) {
      if (round > MAX_ROUNDS) throw new Error('Rows keep coming in; it goes on in a moment.');
      const report = await this.#round(current, subject, options);
      // What was on its way when the marks were made has arrived by the second round.
      isLeft = round === 1 || report.tables.some(({ left }) => left > 0);
      await note('deleting', { ...report, error: null });
      await this.#waitForWriters(notedSince);
    }
    await this.#finish(current, subject, note);
  }

  /** Until no process writes what it has taken in before the erasure, or thinks that contents are stored. */
  async #waitForWriters(since = Date.now()): Promise<void> {
    const { signal } = this.#stopping;
    await this.#options.epochs.read();
    const until = since + graceOf(this.#options.epochs.refreshMs);
    await sleep(Math.max(0, until - Date.now()), undefined, { signal });
    await this.#settle();
  }

  /** A store that is away must not keep a stop waiting. */
  async #settle(): Promise<void> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const settled = new AbortController();
    const aborted = once(signal, 'abort', { signal: settled.signal });
    await Promise.race([this.#options.settle(signal), aborted]).finally(() => settled.abort());
    signal.throwIfAborted();
  }

  async #prepare(erasure: Erasure, subject: Subject): Promise<Partial<ErasureReport>> {
    const { client, inferThreads } = this.#options;
    const { projectId, id } = erasure;
    const params = paramsOf(erasure, subject);
    await dropTargets(client, id);
    const found = await plan({ client, projectId, inferThreads }, subject);
    await writeTargets(client, params, found.targets);
    await noteAllContents(client, subject, params);
    await markTargets(client, erasure);
    const scope = await readScope(client, subject.kind, id);
    return {
      step: 'deleting',
      counts: await countErased(client, scope, params, found),
      tables: await countTables(client, await tablesToErase(client, scope), params),
    };
  }

  /** Goes through all tables once, and counts what is left. */
  async #round(
    { id, report }: Erasure,
    subject: Subject,
    options: RoundOptions,
  ): Promise<Pick<ErasureReport, 'tables' | 'rounds'>> {
    const { client, params } = options;
    const scope = await readScope(client, subject.kind, id);
    const { facts } = splitTables(await tablesToErase(client, scope));
    await eraseTables(
      options,
      facts.filter(({ table }) => !isContent(table)),
    );
    if (subject.kind !== 'project') await noteReferred(client, scope, params);
    const tables = await tablesToErase(client, await readScope(client, subject.kind, id));
    await eraseTables(
      options,
      tables.filter(({ table }) => isContent(table)),
    );
    return this.#options.holdRebuilds(async () => {
      await eraseTables(options, splitTables(tables).rebuilt);
      const counted = await countLeft(options, tables, report.tables);
      return { tables: counted, rounds: report.rounds + 1 };
    });
  }

  async #finish(
    erasure: Erasure,
    subject: Subject,
    note: (state: Erasure['state'], report: Partial<ErasureReport>) => Promise<void>,
  ): Promise<void> {
    const { client, touch, ledger, now, epochs } = this.#options;
    const params = paramsOf(erasure, subject);
    const isProject = subject.kind === 'project';
    await restoreRemains(client, params, isProject);
    await epochs.read();
    touch(await findTouched(client, params, isProject));
    await note('deleting', { step: 'rebuilding what has changed' });
    await this.#settle();
    if (isProject) await revokeKeys(client, params);
    const finished: Erasure = {
      ...erasure,
      subject: undefined,
      state: 'done',
      report: { ...erasure.report, step: 'done', finishedAt: now() },
    };
    await dropTargets(client, erasure.id);
    await ledger.write(finished);
    await ledger.forgetSubjects();
    await epochs.read();
  }
}

/** Notes what contents the facts refer to, and which of them nobody else does. */
export async function noteAllContents(
  client: ClickHouseClient,
  subject: Subject,
  params: ConditionParams,
): Promise<void> {
  if (subject.kind === 'project') return;
  const scope = await readScope(client, subject.kind, params.erasureId);
  await noteContents(client, scope, params);
  await noteUnshared(client, await readScope(client, subject.kind, params.erasureId), params);
}
