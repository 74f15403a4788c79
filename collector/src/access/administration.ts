import type { NewKey } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import type { AccessKey, Project } from './access-key.js';
import type { Principal } from './authorise.js';
import type { KeyStore } from './key-store.js';
import { isInForce, type Keyring } from './keyring.js';
import { BOOTSTRAP_KEY_ID } from './own-key.js';
import { createKey, type SecretKey } from './secret-key.js';
import { signToken, tokenPublicKeyOf, type Visitor } from './thread-token.js';

interface AdministrationOptions {
  readonly keyring: Keyring;
  readonly store: KeyStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A key that was just made, and the only time that it can be shown. */
export interface CreatedKey {
  readonly key: AccessKey;
  readonly text: string;
}

export interface ThreadToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const noKey = (): ColloquyError => new ColloquyError('NOT_FOUND', 'There is no key with this id.');

const READ_USES_MS = 5_000;

/** Makes, lists and revokes keys and projects. A key to one project sees and changes that one alone. */
export class KeyAdministration {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  async listKeys({ boundTo }: Principal): Promise<readonly AccessKey[]> {
    const { keyring } = this.#options;
    await keyring.reload();
    const { keys } = keyring;
    return boundTo === undefined ? keys : keys.filter(({ projectId }) => projectId === boundTo);
  }

  /** When keys were last used, in milliseconds since 1970. */
  readUses(): Promise<ReadonlyMap<string, number>> {
    return this.#options.store.readUses(AbortSignal.timeout(READ_USES_MS));
  }

  /**
   * @throws ColloquyError `FORBIDDEN` for another project, `NOT_FOUND` where there is no such project,
   *   `CONFLICT` for a first key that could make no others
   */
  async createKey({ boundTo }: Principal, asked: NewKey): Promise<CreatedKey> {
    const projectId = asked.project_id ?? undefined;
    await this.#options.keyring.reload();
    if (boundTo !== undefined && boundTo !== projectId)
      throw new ColloquyError('FORBIDDEN', 'This key can make keys to its own project alone.');
    if (projectId !== undefined && !this.#options.keyring.hasProject(projectId))
      throw new ColloquyError('NOT_FOUND', 'There is no project with this id; create it first.');
    this.#checkFirst(projectId);
    const made = createKey(asked.scopes.includes('public-ingest'));
    const key = this.#describe(made, asked);
    await this.#options.store.putKey(key);
    await this.#options.keyring.reload();
    return { key, text: made.text };
  }

  /** Revoking again changes nothing. @throws ColloquyError `NOT_FOUND`, `CONFLICT` */
  async revokeKey({ boundTo }: Principal, keyId: string): Promise<void> {
    const { keyring, store, now } = this.#options;
    await keyring.reload();
    const key = keyring.find(keyId);
    if (key === undefined || (boundTo !== undefined && boundTo !== key.projectId)) throw noKey();
    if (key.revokedAt !== undefined) return;
    if (key.keyId === BOOTSTRAP_KEY_ID)
      throw new ColloquyError(
        'CONFLICT',
        'This key is a setting: take COLLOQUY_BOOTSTRAP_KEY away.',
      );
    await store.putKey({ ...key, revokedAt: now() });
    await keyring.reload();
  }

  async listProjects({ boundTo }: Principal): Promise<readonly Project[]> {
    const { keyring } = this.#options;
    await keyring.reload();
    const { projects } = keyring;
    return boundTo === undefined
      ? projects
      : projects.filter(({ projectId }) => projectId === boundTo);
  }

  /** @throws ColloquyError `CONFLICT` when there is one with this id */
  async createProject(projectId: string, name: string): Promise<Project> {
    const { keyring, store, now } = this.#options;
    await keyring.reload();
    if (keyring.hasProject(projectId))
      throw new ColloquyError('CONFLICT', 'There is a project with this id.');
    const project: Project = { projectId, name, createdAt: now() };
    await store.putProject(project);
    await keyring.reload();
    return project;
  }

  /**
   * Signs a token for one thread and user, for a page that has no key.
   * @param keyText - the key that asks
   * @throws ColloquyError `CONFLICT` where there is no key to one project to sign with
   */
  async createToken(
    { key }: Principal,
    keyText: string,
    visitor: Visitor,
    lifeMs: number,
  ): Promise<ThreadToken> {
    if (key?.projectId === undefined)
      throw new ColloquyError('CONFLICT', 'A token is signed with a key to one project; use one.');
    const expiresAt = this.#options.now() + lifeMs;
    return { token: await signToken(key.keyId, keyText, visitor, expiresAt), expiresAt };
  }

  /** Once there is a key, keys are asked for: whoever made one that makes no others would be locked out. */
  #checkFirst(projectId: string | undefined): void {
    const { keyring, now } = this.#options;
    const isOperator = (key: AccessKey): boolean =>
      key.projectId === undefined && isInForce(key, now());
    if (projectId === undefined || keyring.keys.some(isOperator)) return;
    throw new ColloquyError(
      'CONFLICT',
      'The first key has to be one to all projects, which can make others: colloquy keys create --scope admin --name <name>.',
    );
  }

  #describe({ keyId, hash, text }: SecretKey, asked: NewKey): AccessKey {
    const createdAt = this.#options.now();
    const expiresAt = asked.expires_at === null ? undefined : Date.parse(asked.expires_at);
    if (expiresAt !== undefined && expiresAt <= createdAt)
      throw new ColloquyError('INVALID_PARAMETER', 'expires_at: Must be in the future.');
    return {
      keyId,
      projectId: asked.project_id ?? undefined,
      name: asked.name,
      scopes: asked.scopes,
      origins: asked.origins,
      hash,
      tokenPublicKey: tokenPublicKeyOf(text),
      limits: {
        requestsPerSecond: asked.requests_per_second ?? undefined,
        bytesPerSecond: asked.bytes_per_second ?? undefined,
        maxBodyBytes: asked.max_body_bytes ?? undefined,
      },
      createdAt,
      expiresAt,
      revokedAt: undefined,
    };
  }
}
