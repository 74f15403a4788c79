import type { AccessKey } from './access-key.js';
import { hashKey } from './secret-key.js';

/** The id of the key that a setting gives. */
export const BOOTSTRAP_KEY_ID = 'bootstrap';

/** The key of `COLLOQUY_BOOTSTRAP_KEY`: to all projects, and in no store. */
export const bootstrapKey = (text: string, now: number): AccessKey => ({
  keyId: BOOTSTRAP_KEY_ID,
  projectId: undefined,
  name: 'COLLOQUY_BOOTSTRAP_KEY',
  scopes: ['admin'],
  origins: [],
  hash: hashKey(text),
  tokenPublicKey: '',
  limits: { requestsPerSecond: undefined, bytesPerSecond: undefined, maxBodyBytes: undefined },
  createdAt: now,
  expiresAt: undefined,
  revokedAt: undefined,
});
