/** How many seconds' worth may come at once. */
const BURST_SECONDS = 5;

/**
 * Lets through so much in a second. What is taken may exceed what is left, once: the size of a body is
 * known only when it has been read, and one larger than the bucket must get through some time. What
 * follows waits until the debt is paid.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #left: number;
  #at: number;

  /** @param now - milliseconds */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#capacity = Math.max(1, perSecond * BURST_SECONDS);
    this.#left = this.#capacity;
    this.#at = now;
  }

  /** Milliseconds until there is enough; 0 when there is now. */
  waitMs(amount: number, now: number): number {
    this.#fill(now);
    return Math.max(0, ((amount - this.#left) / this.#perSecond) * 1_000);
  }

  take(amount: number, now: number): void {
    this.#fill(now);
    this.#left -= amount;
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#at) / 1_000;
    this.#left = Math.min(this.#capacity, this.#left + seconds * this.#perSecond);
    this.#at = now;
  }
}
