import { ColloquyError } from '../errors.js';
import type { AccessKey } from './access-key.js';
import { DEFAULT_PROJECT } from './access-key.js';
import { hashKey, isKeyOf, keyIdOf } from './secret-key.js';
import type { Visitor } from './thread-token.js';
import type { Rule } from './rules.js';

/** The header by which a key to all projects says which one it means. */
export const PROJECT_HEADER = 'x-colloquy-project';

/** What a request shows of itself; `undefined` for a header that was not sent. */
export interface Attempt {
  readonly credentials: string | undefined;
  /** `Origin`: the web page that sends it. */
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** {@link PROJECT_HEADER} */
  readonly project: string | undefined;
}

/** Who has been let in, and to what. */
export interface Principal {
  readonly projectId: string;
  /** The project that it is bound to; `undefined` for none. */
  readonly boundTo: string | undefined;
  /** `undefined` where no keys are asked for. */
  readonly key: AccessKey | undefined;
  /** The thread and user that a token is for; `undefined` without one. */
  readonly visitor?: Visitor | undefined;
}

const NO_KEY_HASH = hashKey('');

/**
 * The key that was shown.
 * @throws ColloquyError `UNAUTHENTICATED`; only who has a key is told what became of it
 */
export function recogniseKey(
  credentials: string,
  find: (keyId: string) => AccessKey | undefined,
  now: number,
): AccessKey {
  const key = find(keyIdOf(credentials) ?? '');
  if (!isKeyOf(credentials, key?.hash ?? NO_KEY_HASH) || key === undefined)
    throw new ColloquyError('UNAUTHENTICATED', 'There is no such key.');
  checkInForce(key, now);
  return key;
}

/** @throws ColloquyError `UNAUTHENTICATED` */
export function checkInForce(key: AccessKey, now: number): void {
  if (key.revokedAt !== undefined)
    throw new ColloquyError('UNAUTHENTICATED', 'This key was revoked.');
  if (key.expiresAt !== undefined && key.expiresAt <= now)
    throw new ColloquyError('UNAUTHENTICATED', 'This key has expired.');
}

/** @throws ColloquyError `FORBIDDEN` when the key does not allow this */
export function checkScope({ scopes, projectId }: AccessKey, rule: Rule): void {
  const { allow, ofAllProjects = false } = rule;
  if (allow === 'anyone') return;
  if (!allow.some((scope) => scopes.includes(scope)))
    throw new ColloquyError('FORBIDDEN', `This takes a key with the scope ${allow.join(' or ')}.`);
  if (ofAllProjects && projectId !== undefined)
    throw new ColloquyError('FORBIDDEN', 'This takes a key to all projects.');
}

const isSameOrigin = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host;

/**
 * Where a web page sends the key, the key has to be for it: one that is bound to origins for those, any
 * other for the origins that the collector lets in.
 * @throws ColloquyError `FORBIDDEN`
 */
export function checkOrigin(
  { scopes, origins }: AccessKey,
  { origin, host }: Attempt,
  isLetIn: (origin: string) => boolean,
): void {
  if (origin === undefined) {
    if (!scopes.includes('public-ingest')) return;
    throw new ColloquyError('FORBIDDEN', 'This key is for web pages of its origins alone.');
  }
  const isAllowed =
    origins.length > 0 ? origins.includes(origin) : isSameOrigin(origin, host) || isLetIn(origin);
  if (!isAllowed)
    throw new ColloquyError('FORBIDDEN', 'This key is not for web pages of this origin.');
}

/**
 * The project that a request is about.
 * @param boundTo - the one that the key is to; `undefined` for all
 * @throws ColloquyError `FORBIDDEN`, or `NOT_FOUND` to whom all projects are open
 */
export function chooseProject(
  boundTo: string | undefined,
  asked: string | undefined,
  exists: (projectId: string) => boolean,
): string {
  if (boundTo !== undefined) {
    if (asked === undefined || asked === boundTo) return boundTo;
    throw new ColloquyError('FORBIDDEN', 'This key is to another project.');
  }
  if (asked === undefined) return DEFAULT_PROJECT.projectId;
  if (exists(asked)) return asked;
  throw new ColloquyError('NOT_FOUND', 'There is no project with this id.');
}
