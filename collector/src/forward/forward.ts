import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { describeError } from '../describe-error.js';
import type { Frame } from '../spool/frame.js';
import { readSpool } from '../spool/reader.js';
import type { Spool } from '../spool/spool.js';

/** The spool's reader that passes requests on. */
export const FORWARD_READER = 'forward';

export interface ForwardOptions {
  readonly spool: Spool;
  /** OTLP/HTTP base URL of the other backend. */
  readonly url: string;
  /** Sent with each request: a key, say. */
  readonly headers: Readonly<Record<string, string>>;
  /** The reader that must not suffer from a backend that is away. */
  readonly before: string;
  /** Told, in a sentence, of what is refused, failed or left out. */
  readonly report: (message: string) => void;
}

export interface ForwardCounts {
  /** Spans and log records that the other backend took. */
  readonly forwarded: number;
  /** Those of requests that it refused for good. */
  readonly refused: number;
  /** Bytes that were passed over because it was away for too long. */
  readonly skippedBytes: number;
}

const PATHS = { traces: '/v1/traces', logs: '/v1/logs' } as const;
const CONTENT_TYPES = { json: 'application/json', protobuf: 'application/x-protobuf' } as const;

/** @see https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE: readonly number[] = [429, 502, 503, 504];
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const REQUEST_TIMEOUT_MS = 30_000;

const compress = promisify(gzip);

type Answer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs: number };

/** Passes accepted requests on to another OTLP backend, as they came, with a position of its own. */
export class Forward {
  readonly #options: ForwardOptions;
  readonly #ending = new AbortController();
  readonly #counts = { forwarded: 0, refused: 0, skippedBytes: 0 };
  readonly #running: Promise<void>;
  #isAway = false;

  constructor(options: ForwardOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get counts(): ForwardCounts {
    return { ...this.#counts };
  }

  /** The next start goes on where this one ends. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { spool, report } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const from = spool.cursor(FORWARD_READER);
      // What is damaged is told of by whoever stores it.
      const requests = readSpool(spool, { from, signal, onDamage: () => undefined });
      try {
        for await (const { frame, next } of requests) {
          const isDone = await this.#insist(frame);
          await (isDone ? spool.commit(FORWARD_READER, next) : this.#catchUp());
          if (!isDone) break;
        }
      } catch (error) {
        if (signal.aborted) return;
        report(`Forwarding broke off and goes on. ${describeError(error)}`);
        await sleep(FIRST_RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @returns false when the backend is away and the spool needs the room. @throws AbortError */
  async #insist(frame: Frame): Promise<boolean> {
    const { spool, report } = this.#options;
    const { signal } = this.#ending;
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(2 * delayMs, LAST_RETRY_MS)) {
      const answer = await this.#send(frame);
      signal.throwIfAborted();
      if (answer.kind === 'later') {
        if (!this.#isAway) report(`Forwarding waits and tries again: ${answer.reason}.`);
        this.#isAway = true;
        if (spool.isCrowded) return false;
        await sleep(Math.max(delayMs, answer.afterMs), undefined, { signal });
        continue;
      }
      this.#isAway = false;
      if (answer.kind === 'refused') {
        report(`A request was not forwarded: ${answer.reason}.`);
        this.#counts.refused += frame.items;
      } else {
        this.#counts.forwarded += frame.items;
      }
      return true;
    }
  }

  async #send({ signal: kind, encoding, body }: Frame): Promise<Answer> {
    const { url, headers } = this.#options;
    const { signal } = this.#ending;
    try {
      const response = await fetch(url + PATHS[kind], {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': CONTENT_TYPES[encoding],
          'content-encoding': 'gzip',
        },
        body: new Uint8Array(await compress(body)),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      const reason = `the backend answered ${response.status}`;
      if (response.ok) return { kind: 'taken' };
      if (!RETRYABLE.includes(response.status)) return { kind: 'refused', reason };
      const seconds = Number(response.headers.get('retry-after') ?? 0);
      const afterMs = Math.min(Number.isFinite(seconds) ? seconds * 1_000 : 0, LAST_RETRY_MS);
      return { kind: 'later', reason, afterMs };
    } catch (error) {
      return { kind: 'later', reason: describeError(error), afterMs: 0 };
    }
  }

  /** Leaves out what is stored already, so that requests are still taken in. */
  async #catchUp(): Promise<void> {
    const { spool, before, report } = this.#options;
    const bytes = spool.bytes;
    await spool.commit(FORWARD_READER, spool.cursor(before));
    const skipped = bytes - spool.bytes;
    this.#counts.skippedBytes += skipped;
    report(`Forwarding left out ${skipped} bytes: the spool is half full and the backend away.`);
    if (skipped === 0) await sleep(LAST_RETRY_MS, undefined, { signal: this.#ending.signal });
  }
}
