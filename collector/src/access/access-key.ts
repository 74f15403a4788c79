import type { AccessScope } from '@colloquy/schema';

/** What a key may bring in; `undefined` for no limit of its own. */
interface KeyLimits {
  readonly requestsPerSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly maxBodyBytes: number | undefined;
}

/** All that is kept of a key. Times are milliseconds since 1970. */
export interface AccessKey {
  /** The part of the key by which it is looked up; no secret. */
  readonly keyId: string;
  /** `undefined` for all projects. */
  readonly projectId: string | undefined;
  readonly name: string;
  readonly scopes: readonly AccessScope[];
  /** Of web pages; empty where the key is for none. */
  readonly origins: readonly string[];
  /** SHA-256 of the whole key, in hex. */
  readonly hash: string;
  /** Ed25519, in base64url; checks the tokens that were signed with the key. */
  readonly tokenPublicKey: string;
  readonly limits: KeyLimits;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
}

export interface Project {
  readonly projectId: string;
  readonly name: string;
  /** Milliseconds since 1970; `undefined` of the one that is there by itself. */
  readonly createdAt: number | undefined;
}

/** The project that there is without anyone having made it. */
export const DEFAULT_PROJECT: Project = {
  projectId: 'default',
  name: 'default',
  createdAt: undefined,
};

/** What the store knows of who may come in. */
export interface AccessRecords {
  readonly keys: readonly AccessKey[];
  readonly projects: readonly Project[];
}
