import { LRUCache } from 'lru-cache';
import { ColloquyError } from '../errors.js';
import type { AccessKey } from './access-key.js';
import { TokenBucket } from './token-bucket.js';

/** Keys that are remembered; one that is forgotten starts anew. */
const MAX_KEYS = 10_000;
/** OTLP exporters give up after 10 s in all, and lose the batch when told to wait longer. */
const MAX_RETRY_SECONDS = 8;

interface Buckets {
  readonly requests: TokenBucket | undefined;
  readonly bytes: TokenBucket | undefined;
}

/** How much each key has brought lately, in this process. */
export class RateLimits {
  readonly #now: () => number;
  readonly #buckets = new LRUCache<string, Buckets>({ max: MAX_KEYS });

  /** @param now - milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Lets a request in. @throws ColloquyError `RATE_LIMITED` saying when to come back */
  admit(key: AccessKey): void {
    const { requests, bytes } = this.#of(key);
    const now = this.#now();
    const waitMs = Math.max(requests?.waitMs(1, now) ?? 0, bytes?.waitMs(1, now) ?? 0);
    if (waitMs > 0)
      throw new ColloquyError('RATE_LIMITED', 'The key has reached its rate limit.', {
        retryAfterSeconds: Math.min(MAX_RETRY_SECONDS, Math.ceil(waitMs / 1_000)),
      });
    requests?.take(1, now);
  }

  /** Counts the bytes of a body that was let in. */
  charge(key: AccessKey, bytes: number): void {
    this.#of(key).bytes?.take(bytes, this.#now());
  }

  #of({ keyId, limits }: AccessKey): Buckets {
    const found = this.#buckets.get(keyId);
    if (found !== undefined) return found;
    const bucketOf = (perSecond: number | undefined): TokenBucket | undefined =>
      perSecond === undefined ? undefined : new TokenBucket(perSecond, this.#now());
    const made = {
      requests: bucketOf(limits.requestsPerSecond),
      bytes: bucketOf(limits.bytesPerSecond),
    };
    this.#buckets.set(keyId, made);
    return made;
  }
}
