import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError, type ErrorCode } from '../errors.js';
import type { AccessKey } from './access-key.js';
import { KeyAdministration } from './administration.js';
import {
  type Attempt,
  checkInForce,
  checkOrigin,
  checkScope,
  chooseProject,
  type Principal,
  recogniseKey,
} from './authorise.js';
import { KeyFile } from './key-file.js';
import { KeyStore } from './key-store.js';
import { KeyUses } from './key-uses.js';
import { Keyring } from './keyring.js';
import { bootstrapKey, BOOTSTRAP_KEY_ID } from './own-key.js';
import { RateLimits } from './rate-limits.js';
import type { Rule } from './rules.js';
import { isKeyOf } from './secret-key.js';
import { isToken, readToken } from './thread-token.js';

export interface AccessOptions {
  readonly client: ClickHouseClient;
  /** Where the last known keys are kept. */
  readonly dataDir: string;
  /** What tells this database from another. */
  readonly storeName: string;
  /** A key to all projects that is in no store. */
  readonly bootstrapKey: string | undefined;
  /** Whether pages of an origin are let in with keys that are bound to none. */
  readonly isLetIn: (origin: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of background work that failed. */
  readonly onError: (error: unknown) => void;
}

/** What one visitor may bring; the limits of the key are for who holds it. */
const VISITOR_LIMITS = {
  requestsPerSecond: 5,
  bytesPerSecond: 256 * 1024,
  maxBodyBytes: 1024 * 1024,
};

const UNCHECKED = 'Keys cannot be checked: ClickHouse is away.';

/** Requests that were turned away since the start. */
type Refusals = Partial<Record<ErrorCode, number>>;

/** Who may come in, and to what. */
export class Access {
  readonly administration: KeyAdministration;
  readonly #options: AccessOptions;
  readonly #keyring: Keyring;
  readonly #uses: KeyUses;
  readonly #limits: RateLimits;
  readonly #refusals: Refusals = {};

  constructor(options: AccessOptions, keyring: Keyring, store: KeyStore) {
    this.#options = options;
    this.#keyring = keyring;
    this.#uses = new KeyUses({ put: (uses) => store.putUses(uses), now: options.now });
    this.#limits = new RateLimits(options.now);
    this.administration = new KeyAdministration({ keyring, store, now: options.now });
  }

  /** Whether keys are asked for. */
  get isLocked(): boolean {
    return this.#keyring.isLocked;
  }

  /** Whether it is known which keys there are, or there is one that needs no store. */
  get isKnown(): boolean {
    return this.#keyring.isKnown || this.#keyring.keys.length > 0;
  }

  /** Requests that were turned away since the start, by reason. */
  get refusals(): Readonly<Refusals> {
    return { ...this.#refusals };
  }

  /** Learns which keys there are now, within a bounded time. Never fails. */
  refresh(): Promise<void> {
    return this.#keyring.refresh();
  }

  /**
   * Lets a request in.
   * @throws ColloquyError `UNAUTHENTICATED`, `FORBIDDEN`, `RATE_LIMITED`, `NOT_FOUND` for a project, or
   *   `STORE_UNAVAILABLE` while nothing is known
   */
  async admit(rule: Rule, attempt: Attempt): Promise<Principal> {
    try {
      return await this.#admit(rule, attempt);
    } catch (error) {
      if (error instanceof ColloquyError)
        this.#refusals[error.code] = (this.#refusals[error.code] ?? 0) + 1;
      throw error;
    }
  }

  async #admit(rule: Rule, attempt: Attempt): Promise<Principal> {
    const { credentials, project } = attempt;
    const exists = (projectId: string): boolean => this.#keyring.hasProject(projectId);
    if (!this.isLocked)
      return {
        projectId: chooseProject(undefined, project, exists),
        boundTo: undefined,
        key: undefined,
      };
    // Whoever has no key may not need one; 401 would have an exporter drop what it sends.
    if (credentials === undefined && !this.isKnown)
      throw new ColloquyError('STORE_UNAVAILABLE', UNCHECKED);
    if (credentials === undefined)
      throw new ColloquyError(
        'UNAUTHENTICATED',
        'A key is needed: Authorization: Bearer, or x-api-key.',
      );
    if (isToken(credentials)) return this.#admitVisitor(rule, attempt, credentials);
    const key = this.#recognise(credentials);
    checkScope(key, rule);
    checkOrigin(key, attempt, this.#options.isLetIn);
    const projectId = chooseProject(key.projectId, project, exists);
    this.#limits.admit(key);
    if (key.keyId !== BOOTSTRAP_KEY_ID) this.#uses.note(key.keyId);
    return { projectId, boundTo: key.projectId, key };
  }

  async #admitVisitor(rule: Rule, attempt: Attempt, token: string): Promise<Principal> {
    const now = this.#options.now();
    const find = (keyId: string): AccessKey | undefined => this.#keyring.find(keyId);
    const { visitor, key } = await readToken(token, find, now);
    checkInForce(key, now);
    if (rule.takesTokens !== true)
      throw new ColloquyError('FORBIDDEN', 'A token is for sending messages of its thread alone.');
    // Where the key is bound to no origins, whoever has the token may use it from any page.
    if (key.origins.length > 0) checkOrigin(key, attempt, () => false);
    const projectId = chooseProject(key.projectId, attempt.project, () => false);
    const keyId = `${key.keyId} ${visitor.threadId}`;
    const own = { ...key, keyId, limits: VISITOR_LIMITS };
    this.#limits.admit(own);
    return { projectId, boundTo: projectId, key: own, visitor };
  }

  #recognise(credentials: string): AccessKey {
    const bootstrap = this.#keyring.find(BOOTSTRAP_KEY_ID);
    if (bootstrap !== undefined && isKeyOf(credentials, bootstrap.hash)) return bootstrap;
    try {
      return recogniseKey(credentials, (id) => this.#keyring.find(id), this.#options.now());
    } catch (error) {
      if (this.#keyring.isKnown) throw error;
      throw new ColloquyError('STORE_UNAVAILABLE', UNCHECKED, { cause: error });
    }
  }

  /** Counts what a request brought. */
  charge({ key }: Principal, bytes: number): void {
    if (key !== undefined) this.#limits.charge(key, bytes);
  }

  async stop(): Promise<void> {
    this.#keyring.stop();
    await this.#uses.stop();
  }
}

/**
 * Learns which keys there are: from ClickHouse, or while that is away from what was known last.
 */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { client, dataDir, storeName, bootstrapKey: secret, now, onError } = options;
  const store = new KeyStore(client);
  const file = new KeyFile(dataDir, storeName);
  const keyring = new Keyring(
    {
      read: (signal) => store.read(signal),
      keep: (records) => file.write(records),
      ownKeys: secret === undefined ? [] : [bootstrapKey(secret, now())],
      now,
      onError,
    },
    await file.read(),
  );
  await keyring.reload().catch(onError);
  return new Access(options, keyring, store);
}
