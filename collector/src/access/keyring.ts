import type { AccessKey, AccessRecords, Project } from './access-key.js';
import { DEFAULT_PROJECT } from './access-key.js';

export interface KeyringOptions {
  readonly read: (signal: AbortSignal) => Promise<AccessRecords>;
  /** Keeps what was read for the next start. */
  readonly keep: (records: AccessRecords) => Promise<void>;
  /** Keys that are in no store. */
  readonly ownKeys: readonly AccessKey[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told what went wrong with keeping. */
  readonly onError: (error: unknown) => void;
}

/** What was read longer ago is read again, behind the requests. */
const FRESH_MS = 1_000;
/** What was read longer ago is waited for: changes of other processes have to count within 2 s. */
const STALE_MS = 1_600;
/** How long a request waits for that; then what was known holds. */
const WAIT_MS = 700;
const READ_MS = 5_000;

/** Whether a key counts at a time. */
export const isInForce = ({ expiresAt, revokedAt }: AccessKey, now: number): boolean =>
  revokedAt === undefined && (expiresAt === undefined || now < expiresAt);

/** Keys and projects in memory. While ClickHouse is away, those known last hold. */
export class Keyring {
  readonly #options: KeyringOptions;
  #known: AccessRecords | undefined;
  #byId: ReadonlyMap<string, AccessKey>;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** Whether the store answered when it was asked last. */
  #isPrompt = true;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;
  #isKept = true;

  /** @param recalled - what an earlier process knew */
  constructor(options: KeyringOptions, recalled: AccessRecords | undefined) {
    this.#options = options;
    this.#known = recalled;
    this.#byId = this.#index();
  }

  /** Whether it is known which keys there are. */
  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  /**
   * Whether keys are asked for: where there is one or was one, so that revoking the last does not open
   * the doors, and where it is not known.
   */
  get isLocked(): boolean {
    return this.#known === undefined || this.keys.length > 0;
  }

  get keys(): readonly AccessKey[] {
    return [...this.#byId.values()];
  }

  get projects(): readonly Project[] {
    const made = this.#known?.projects ?? [];
    const isNamed = made.some(({ projectId }) => projectId === DEFAULT_PROJECT.projectId);
    return isNamed ? made : [DEFAULT_PROJECT, ...made];
  }

  find(keyId: string): AccessKey | undefined {
    return this.#byId.get(keyId);
  }

  hasProject(projectId: string): boolean {
    return this.projects.some((project) => project.projectId === projectId);
  }

  /**
   * Learns what has changed, if it has not looked within the last second. Never fails, and waits for no
   * store that has just let others wait.
   */
  async refresh(): Promise<void> {
    const age = this.#options.now() - this.#readAt;
    if (this.#reading === undefined && age < FRESH_MS) return;
    const reading = this.#start().catch(() => undefined);
    if (!this.#isPrompt || age < STALE_MS) return;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#isPrompt = false;
        resolve();
      }, WAIT_MS);
    });
    await Promise.race([reading, enough]);
    clearTimeout(timer);
  }

  /** Learns what has changed since this was called. @throws what the store answers */
  async reload(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await this.#start();
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }

  async #start(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      this.#readAt = this.#options.now();
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.#known = await this.#options.read(AbortSignal.timeout(READ_MS));
    } catch (error) {
      this.#isPrompt = false;
      this.#tryAgain();
      throw error;
    }
    this.#isPrompt = true;
    this.#byId = this.#index();
    await this.#keep(this.#known);
  }

  /** Goes on looking by itself, so that the first request after an outage does not meet what held before. */
  #tryAgain(): void {
    clearTimeout(this.#retry);
    if (this.#isStopped) return;
    this.#retry = setTimeout(() => void this.#start().catch(() => undefined), FRESH_MS);
    this.#retry.unref();
  }

  /** Tells of a failure once, not with every look. */
  async #keep(records: AccessRecords): Promise<void> {
    try {
      await this.#options.keep(records);
      this.#isKept = true;
    } catch (error) {
      if (this.#isKept) this.#options.onError(error);
      this.#isKept = false;
    }
  }

  #index(): ReadonlyMap<string, AccessKey> {
    const keys = [...this.#options.ownKeys, ...(this.#known?.keys ?? [])];
    return new Map(keys.map((key) => [key.keyId, key]));
  }
}
