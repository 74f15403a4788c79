import { warnOnce } from '@colloquy/threads/instrumentation';
import { BoundedQueue, type Bounds, type Item } from './bounded-queue.js';
import { post, type Outcome } from './post.js';
import type { SavedItems } from './saved-items.js';

export interface OutboxOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a request begins and ends with. */
  readonly envelope: readonly [head: string, tail: string];
  readonly saved?: SavedItems | undefined;
  readonly bounds?: Bounds;
}

const BOUNDS: Bounds = { maxItems: 2_000, maxBytes: 2_000_000 };
const DELAY_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/**
 * What outlives a page may weigh 64 KiB in all. A request takes half of that at most: one may be under
 * way when the page is left.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
const MAX_KEEPALIVE_BYTES = 64_000;
const MAX_REQUEST_BYTES = 32_000;

const encoder = new TextEncoder();
const toItem = (text: string): Item => ({ text, bytes: encoder.encode(text).length + 1 });
const weigh = (items: readonly Item[]): number => items.reduce((sum, { bytes }) => sum + bytes, 0);

/** Doubles from a second on; some of it is chance, so that pages do not come back all at once. */
const backoffMs = (attempts: number): number =>
  Math.min(MAX_BACKOFF_MS, DELAY_MS * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);

/** Sends what it is given, soon and in as few requests as fit, and again until it is taken. Never throws. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #envelopeBytes: number;
  readonly #waiting: BoundedQueue;
  readonly #underWay = new Set<readonly Item[]>();
  #attempts = 0;
  #keepaliveBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #draining: Promise<void> | undefined;
  #dropped = 0;
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#envelopeBytes = weigh(options.envelope.map(toItem));
    this.#waiting = new BoundedQueue(options.bounds ?? BOUNDS);
    const left = options.saved?.claim() ?? [];
    if (left.length > 0) this.#add(left);
  }

  /** How many were given up: there was no room for them, or they were refused. */
  get dropped(): number {
    return this.#dropped;
  }

  add(text: string): void {
    this.#add([text]);
  }

  /** Sends what waits, without delay. Resolves when all is sent or one request has failed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  /** Sends no more by itself. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.save();
  }

  /** The page may be gone in a moment: sends what may outlive it, and saves all. */
  leave(): void {
    this.save();
    for (;;) {
      const room = MAX_KEEPALIVE_BYTES - this.#keepaliveBytes - this.#envelopeBytes;
      const items = this.#waiting.take(Math.min(room, MAX_REQUEST_BYTES), 0);
      if (items.length === 0) return;
      void this.#send(items);
    }
  }

  /** Keeps what is not known to have arrived for the page that comes next. */
  save(): void {
    const items = [...this.#underWay, this.#waiting.items].flat();
    this.#options.saved?.save(items.map(({ text }) => text));
  }

  #add(texts: readonly string[]): void {
    this.#drop(this.#waiting.append(texts.map(toItem)), 'too much waits to be sent');
    if (this.#attempts === 0 && this.#waiting.bytes >= MAX_REQUEST_BYTES) void this.flush();
    else this.#schedule(DELAY_MS);
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), delayMs);
  }

  async #drain(): Promise<void> {
    let goesOn = true;
    while (goesOn && this.#waiting.items.length > 0)
      // oxlint-disable-next-line no-await-in-loop -- a collector that has just come back is not to be overrun
      goesOn = await this.#send(this.#waiting.take(MAX_REQUEST_BYTES, 1));
  }

  /** @returns whether more can be sent */
  async #send(items: readonly Item[]): Promise<boolean> {
    const { url, headers, envelope } = this.#options;
    const bytes = weigh(items) + this.#envelopeBytes;
    const keepalive = this.#keepaliveBytes + bytes <= MAX_KEEPALIVE_BYTES;
    const held = keepalive ? bytes : 0;
    this.#keepaliveBytes += held;
    this.#underWay.add(items);
    const body = envelope.join(items.map(({ text }) => text).join(','));
    const outcome = await post({ url, headers, body, keepalive });
    this.#keepaliveBytes -= held;
    this.#underWay.delete(items);
    return this.#settle(items, outcome);
  }

  #settle(items: readonly Item[], outcome: Outcome): boolean {
    if (outcome.kind === 'later') {
      this.#attempts += 1;
      this.#drop(this.#waiting.putBack(items), 'too much waits to be sent');
      this.save();
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#schedule(Math.max(outcome.retryAfterMs, backoffMs(this.#attempts)));
      return false;
    }
    this.#attempts = 0;
    if (outcome.kind === 'refused')
      this.#drop(items.length, `the collector refuses them with ${outcome.status}`);
    if (this.#waiting.items.length + this.#underWay.size === 0) this.save();
    return true;
  }

  #drop(count: number, reason: string): void {
    if (count === 0) return;
    this.#dropped += count;
    warnOnce(`messages or feedback are lost: ${reason}`);
  }
}
