import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CheckedRequest, RequestIntake } from '../consumer.js';
import type { PriceTable } from '../conversation/price-table.js';
import { describeError } from '../describe-error.js';
import { MaskingCounts } from '../masking/masking-counts.js';
import type { Frame } from '../spool/frame.js';
import type { OwnTraces } from '../own-traces/own-traces.js';
import type { Position } from '../spool/position.js';
import type { SegmentSize } from '../spool/segment-mirror.js';
import type { Spool } from '../spool/spool.js';
import { openClient, type StoreOptions } from '../store/client.js';
import { buryRequest, WHOLE } from '../store/dead-letters.js';
import type { StorePreparation } from '../store/preparation.js';
import type { TouchedTrace } from '../store/write-facts.js';
import { Flow } from './flow.js';
import { Suspects } from './suspects.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';

/** The spool's reader that takes requests to the store. */
export const STORE_READER = 'store';

/** How long a stop waits for what was accepted; the next start goes on with the rest. */
const STOP_MS = 10_000;

const RESTART_MS = 500;

export interface IngestOptions {
  readonly spool: Spool;
  /** Nothing is taken from the spool before the database has its schema. */
  readonly preparation: Pick<StorePreparation, 'whenDone'>;
  readonly store: StoreOptions;
  /** Whether traces without an id are joined to what they go on from. */
  readonly inferThreads: boolean;
  /** The project's own prices. */
  readonly prices: PriceTable;
  /** Where spans about the work itself go; nowhere unless given. */
  readonly ownTraces?: OwnTraces | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, in a sentence, of what failed and is tried again. */
  readonly report: (message: string) => void;
}

/** From accepted requests to rebuilt threads: the spool, and the thread that empties it. */
export class Ingest implements RequestIntake {
  readonly #options: IngestOptions;
  readonly #settling = new Map<number, () => void>();
  /** Stored and not rebuilt; told of again if the thread is lost. */
  readonly #unrebuilt = new Map<string, number>();
  /** How far what was accepted has come. */
  readonly flow = new Flow();
  /** What was masked on the way. */
  readonly masked = new MaskingCounts();
  /** What an earlier process left ends here, and is counted up to there. */
  readonly #leftBehind: Position;
  #counted: Position = { segment: 0, offset: 0 };
  readonly #suspects: Suspects;
  /** None until there is a store. */
  #worker: Worker | undefined;
  #settles = 0;
  #isStopping = false;
  readonly #ended = new AbortController();

  constructor(options: IngestOptions) {
    this.#options = options;
    const { spool, preparation } = options;
    this.#leftBehind = spool.end;
    this.#suspects = new Suspects({
      spool,
      reader: STORE_READER,
      bury: (frame) => this.#bury(frame),
    });
    void preparation.whenDone(() => this.#begin());
    spool.onGrown((size) => {
      if (this.#suspects.givesAll) this.#tellGrown(size);
    });
  }

  async accept(request: CheckedRequest): Promise<void> {
    const { spool, now } = this.#options;
    const { projectId, signal, encoding, items, body } = request;
    await spool.append({ projectId, signal, encoding, items, receivedAt: now(), body });
    this.flow.add(projectId, 'accepted', items);
  }

  /** Takes a dead letter in again. @throws ColloquyError as {@link accept} does */
  async replay(frame: Frame): Promise<void> {
    await this.#options.spool.append(frame);
    this.flow.add(frame.projectId, 'accepted', frame.items);
  }

  /** Has the threads of these traces rebuilt. */
  touch(traces: readonly TouchedTrace[]): void {
    this.#tell({ kind: 'touch', traces });
  }

  /** Resolves when no thread waits to be rebuilt. */
  async settle(): Promise<void> {
    this.#settles += 1;
    const id = this.#settles;
    await new Promise<void>((resolve) => {
      this.#settling.set(id, resolve);
      this.#tell({ kind: 'settle', id });
    });
    this.#settling.delete(id);
  }

  /** Stores what was accepted, as far as that is soon done. */
  async stop(): Promise<void> {
    const { spool } = this.#options;
    if (this.#worker !== undefined)
      await spool.waitUntilRead(STORE_READER, AbortSignal.timeout(STOP_MS)).catch(() => undefined);
    this.#isStopping = true;
    this.#ended.abort();
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    this.#tell({ kind: 'stop' });
    await Promise.race([exited, sleep(STOP_MS, undefined, { ref: false })]);
    await worker.terminate();
  }

  #tell(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker?.postMessage(message);
  }

  #begin(): void {
    if (this.#isStopping) return;
    this.#worker = this.#startWorker();
    for (const id of this.#settling.keys()) this.#tell({ kind: 'settle', id });
  }

  #tellGrown(size: SegmentSize): void {
    this.#tell({ kind: 'grown', size, read: this.#options.spool.cursor(STORE_READER) });
  }

  /** A request that the thread is lost of, whenever it is tried. */
  async #bury(frame: Frame): Promise<void> {
    const { store, report } = this.#options;
    const client = openClient(store);
    try {
      const reason = 'it takes more memory than there is';
      const places = frame.replay?.places ?? [WHOLE];
      await buryRequest(client, { frame, refused: places.map((place) => ({ place, reason })) });
    } finally {
      await client.close();
    }
    this.flow.add(frame.projectId, 'refused', frame.items);
    report('A request that the ingest thread was lost of is kept as a dead letter.');
  }

  #startWorker(): Worker {
    const { spool, store, inferThreads, prices, ownTraces, report } = this.#options;
    const setup: WorkerSetup = {
      store,
      inferThreads,
      prices,
      ownTraces,
      folder: spool.folder,
      sizes: this.#suspects.sizes,
      from: spool.cursor(STORE_READER),
      uncounted: { after: this.#counted, upTo: this.#leftBehind },
    };
    const worker = new Worker(createRequire(import.meta.url).resolve('#ingest-worker'), {
      workerData: setup,
      name: 'ingest',
    });
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => report(`The ingest thread was lost. ${describeError(error)}`));
    worker.on('exit', () => void this.#restart());
    return worker;
  }

  /** A lost thread is followed by another, which repeats what was not finished. */
  async #restart(): Promise<void> {
    if (this.#isStopping) return;
    for (const [projectId, items] of this.#unrebuilt) this.flow.add(projectId, 'stored', -items);
    this.#unrebuilt.clear();
    await sleep(RESTART_MS);
    await this.#suspects
      .lost()
      .catch((error: unknown) => this.#options.report(describeError(error)));
    this.#begin();
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'left-behind':
        this.#counted = message.next;
        this.flow.add(message.projectId, 'accepted', message.items);
        break;
      case 'stored':
        this.flow.add(message.projectId, 'stored', message.items);
        this.flow.add(message.projectId, 'refused', message.refused);
        this.#suspects.stored();
        this.#addUnrebuilt(message.projectId, message.items);
        break;
      case 'queryable':
        void this.#forget(message);
        break;
      case 'settled':
        this.#settling.get(message.id)?.();
        break;
      case 'catch-up':
        void this.#catchUp();
        break;
      case 'masked':
        this.masked.add(message.projectId, message.found);
        break;
      case 'report':
        this.#options.report(message.message);
    }
  }

  async #catchUp(): Promise<void> {
    const { spool } = this.#options;
    await spool.waitUntilRead(STORE_READER, this.#ended.signal).catch(() => undefined);
    this.#tell({ kind: 'caught-up' });
  }

  /** What is rebuilt need not be read again. */
  async #forget({ end, counts }: Extract<FromWorker, { kind: 'queryable' }>): Promise<void> {
    const { spool, report } = this.#options;
    try {
      await spool.commit(STORE_READER, end);
    } catch (error) {
      report(`The position in the spool was not written. ${describeError(error)}`);
    }
    try {
      for (const size of await this.#suspects.advanced()) this.#tellGrown(size);
    } catch (error) {
      report(`The next request in the spool was not read. ${describeError(error)}`);
    }
    for (const { projectId, items } of counts) {
      this.flow.add(projectId, 'queryable', items);
      this.#addUnrebuilt(projectId, -items);
    }
  }

  #addUnrebuilt(projectId: string, items: number): void {
    this.#unrebuilt.set(projectId, (this.#unrebuilt.get(projectId) ?? 0) + items);
  }
}
