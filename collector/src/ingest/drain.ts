import { setTimeout as sleep } from 'node:timers/promises';
import type { TelemetryConsumer } from '../consumer.js';
import { ColloquyError } from '../errors.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';
import type { Frame } from '../spool/frame.js';
import type { Position } from '../spool/position.js';
import type { SpooledRequest } from '../spool/reader.js';
import { type DeadRequest, WHOLE } from '../store/dead-letters.js';
import type { ItemCount } from './messages.js';

/** How many items of a request are stored, and how many could not be. */
export interface DoneRequest extends ItemCount {
  readonly refused: number;
}

export interface DrainOptions {
  /** Accepted requests in their order, from where they are not stored yet. */
  readonly requests: AsyncIterable<SpooledRequest>;
  readonly consumer: TelemetryConsumer;
  /** Resolves when the threads of all that has been stored by now are rebuilt. */
  readonly rebuilt: () => Promise<void>;
  /** Keeps what cannot be stored where it can be looked at. @throws when that should be tried again */
  readonly bury: (dead: DeadRequest) => Promise<void>;
  /** Told of what has been read, and once more when it is stored. */
  readonly onRead: (request: SpooledRequest) => void;
  readonly onStored: (done: DoneRequest) => void;
  /** Told up to where all is stored and rebuilt, so that it need not be read again. */
  readonly onQueryable: (end: Position, done: readonly DoneRequest[]) => Promise<void>;
  /** Told of failures that are tried again. */
  readonly onError: (error: unknown) => void;
  /** Gives up what is under way; the next start takes it up again. */
  readonly signal: AbortSignal;
}

/** What may be read and not stored yet. */
const MAX_BYTES = 16 * 1024 ** 2;
const MAX_REQUESTS = 1_000;

/** What may be stored and not rebuilt yet. */
const MAX_ITEMS = 50_000;

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** Errors that pass are met without end; one that nobody foresaw, this often. */
const MAX_SURPRISES = 5;

/** One request on its way. */
interface Task {
  /** Where the next one begins. */
  readonly next: Position;
  readonly items: number;
  readonly done: Promise<DoneRequest>;
  result: DoneRequest | undefined;
}

/** One that is stored. */
type DoneTask = Task & { readonly result: DoneRequest };

const isDone = (task: Task): task is DoneTask => task.result !== undefined;

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The items that are to be stored; of a dead letter those that were not. */
const choose = <Item>(items: readonly Item[], { replay }: Frame): readonly Item[] =>
  replay?.places === undefined
    ? items
    : replay.places.flatMap((place) => items.slice(place, place + 1));

/**
 * Takes accepted requests from the spool to the store. Several are under way at once; one counts as
 * done when it and all before it are stored and their threads rebuilt, so that after the loss of the
 * process a little is repeated, which changes nothing, and nothing is left out.
 */
export class Drain {
  readonly #options: DrainOptions;
  readonly #tasks: Task[] = [];
  readonly #reading: Promise<void>;
  #finishing: Promise<void> | undefined;
  /** Requests that are not stored yet, and their bytes. */
  #waiting = 0;
  #bytes = 0;
  /** Spans and log records that are not rebuilt yet. */
  #items = 0;
  #onRoom: (() => void) | undefined;

  constructor(options: DrainOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#onRoom?.(), { once: true });
    this.#reading = this.#read();
  }

  /** Resolves when there is nothing to read any more and what was read is done, or given up. */
  async ended(): Promise<void> {
    await this.#reading;
    await this.#finishing;
  }

  async #read(): Promise<void> {
    const { requests, signal, onError } = this.#options;
    try {
      for await (const request of requests) {
        if (signal.aborted) return;
        this.#options.onRead(request);
        this.#begin(request);
        await this.#waitForRoom();
      }
    } catch (error) {
      onError(error);
    }
  }

  #begin({ frame, next }: SpooledRequest): void {
    const { items, body } = frame;
    const task: Task = { next, items, result: undefined, done: this.#store(frame) };
    this.#waiting += 1;
    this.#bytes += body.length;
    this.#items += items;
    void this.#note(task, body.length);
    this.#tasks.push(task);
    this.#finishing ??= this.#finish();
  }

  /** What is stored makes room. Whoever waits for the task learns of a failure. */
  async #note(task: Task, bytes: number): Promise<void> {
    task.result = await task.done.catch(() => undefined);
    this.#waiting -= 1;
    this.#bytes -= bytes;
    this.#onRoom?.();
  }

  async #waitForRoom(): Promise<void> {
    const { signal } = this.#options;
    while (
      !signal.aborted &&
      (this.#bytes > MAX_BYTES || this.#waiting > MAX_REQUESTS || this.#items > MAX_ITEMS)
    )
      await new Promise<void>((resolve) => (this.#onRoom = resolve));
  }

  /** Takes note of what is done, in the order of reading. */
  async #finish(): Promise<void> {
    const { rebuilt, onQueryable, onError, signal } = this.#options;
    try {
      for (let [first] = this.#tasks; first !== undefined; [first] = this.#tasks) {
        await first.done;
        const done = this.#takeDone();
        const last = done.at(-1);
        if (last === undefined) continue;
        await unlessAborted(rebuilt(), signal);
        await onQueryable(
          last.next,
          done.map(({ result }) => result),
        );
        for (const { items } of done) this.#items -= items;
        this.#onRoom?.();
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      this.#finishing = undefined;
    }
  }

  /** Those that are done up to the first that is not. */
  #takeDone(): readonly DoneTask[] {
    const end = this.#tasks.findIndex((task) => !isDone(task));
    return this.#tasks.splice(0, end === -1 ? this.#tasks.length : end).filter(isDone);
  }

  async #store(frame: Frame): Promise<DoneRequest> {
    const { bury, onStored } = this.#options;
    const refused = await this.#consume(frame);
    if (refused.length > 0)
      await this.#insist(() => bury({ frame, refused }), Number.POSITIVE_INFINITY);
    const { projectId, items } = frame;
    const lost = refused.some(({ place }) => place === WHOLE) ? items : refused.length;
    const done = { projectId, items: items - lost, refused: lost };
    onStored(done);
    return done;
  }

  /** What of the request cannot be stored. @throws AbortError */
  async #consume(frame: Frame): Promise<DeadRequest['refused']> {
    const { consumer, signal } = this.#options;
    const { projectId, receivedAt, body } = frame;
    try {
      const { spans, logs } = decodeRequest(frame);
      const batch = {
        projectId,
        spans: choose(spans, frame),
        logs: choose(logs, frame),
        bytes: body.length,
        receivedAt,
      };
      const refused = await this.#insist(() => consumer.consume(batch), MAX_SURPRISES);
      const items: readonly unknown[] = frame.signal === 'traces' ? spans : logs;
      return refused.map(({ item, reason }) => ({ place: items.indexOf(item), reason }));
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.name : 'unknown error';
      return (frame.replay?.places ?? [WHOLE]).map((place) => ({ place, reason }));
    }
  }

  /** The same work until it is done. @throws AbortError, or what surprised too often */
  async #insist<T>(work: () => Promise<T>, maxSurprises: number): Promise<T> {
    const { onError, signal } = this.#options;
    let surprises = 0;
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        onError(error);
        if (!(error instanceof ColloquyError && error.code === 'STORE_UNAVAILABLE')) surprises += 1;
        if (surprises >= maxSurprises) throw error;
        await sleep(delayMs, undefined, { signal });
      }
    }
  }
}
