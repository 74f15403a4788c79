const MINUTE_MS = 60_000;
const FLUSH_MS = 30_000;

export interface KeyUsesOptions {
  readonly put: (uses: ReadonlyMap<string, number>) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Notes when keys were used, to the minute; what cannot be stored yet is stored later. */
export class KeyUses {
  readonly #options: KeyUsesOptions;
  readonly #stored = new Map<string, number>();
  readonly #waiting = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: KeyUsesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.#timer.unref();
  }

  note(keyId: string): void {
    const minute = Math.floor(this.#options.now() / MINUTE_MS) * MINUTE_MS;
    if (this.#stored.get(keyId) !== minute) this.#waiting.set(keyId, minute);
  }

  /** Stores what waits; what fails goes on waiting. */
  async flush(): Promise<void> {
    const uses = new Map(this.#waiting);
    if (uses.size === 0) return;
    try {
      await this.#options.put(uses);
    } catch {
      return;
    }
    for (const [keyId, minute] of uses) {
      this.#stored.set(keyId, minute);
      if (this.#waiting.get(keyId) === minute) this.#waiting.delete(keyId);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
