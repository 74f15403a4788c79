import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ColloquyError } from '../errors.js';
import type { AccessKey } from './access-key.js';

/** The one thread, and who talks in it, that a token is for. */
export interface Visitor {
  readonly threadId: string;
  /** `undefined` where the token names no user. */
  readonly userId: string | undefined;
}

const ALGORITHM = 'EdDSA';
const AUDIENCE = 'colloquy';
const SEED_BYTES = 32;
/** What PKCS #8 puts before the 32 bytes of an Ed25519 key (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Made from the key itself, which nobody keeps: what the store knows checks tokens and signs none. */
function privateKeyOf(keyText: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', keyText, '', 'colloquy thread token', SEED_BYTES));
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

/** Checks the tokens that are signed with a key; base64url. */
export const tokenPublicKeyOf = (keyText: string): string =>
  createPublicKey(privateKeyOf(keyText)).export({ format: 'jwk' }).x ?? '';

const publicKeyOf = (x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

/** Signs a token for a page that has no key. @param expiresAt - milliseconds since 1970 */
export const signToken = (
  keyId: string,
  keyText: string,
  { threadId, userId }: Visitor,
  expiresAt: number,
): Promise<string> =>
  new SignJWT({ thread_id: threadId, ...(userId === undefined ? {} : { sub: userId }) })
    .setProtectedHeader({ alg: ALGORITHM, kid: keyId })
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(new Date(expiresAt))
    .sign(privateKeyOf(keyText));

const claimsShape = z.object({ thread_id: z.string().min(1), sub: z.string().optional() });

/** Whether credentials look like a token and not like a key. */
export const isToken = (credentials: string): boolean =>
  /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(credentials);

const wrong = (): ColloquyError => new ColloquyError('UNAUTHENTICATED', 'The token is not valid.');

/** The id of the key that a token says it was signed with. */
function keyIdIn(token: string): string {
  try {
    return decodeProtectedHeader(token).kid ?? '';
  } catch {
    return '';
  }
}

/**
 * What a token is for, and the key it was signed with.
 * @throws ColloquyError `UNAUTHENTICATED`
 */
export async function readToken(
  token: string,
  find: (keyId: string) => AccessKey | undefined,
  now: number,
): Promise<{ readonly visitor: Visitor; readonly key: AccessKey }> {
  const key = find(keyIdIn(token));
  if (key === undefined || key.tokenPublicKey === '') throw wrong();
  try {
    const { payload } = await jwtVerify(token, publicKeyOf(key.tokenPublicKey), {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    const { thread_id, sub } = claimsShape.parse(payload);
    return { visitor: { threadId: thread_id, userId: sub }, key };
  } catch (cause) {
    if (cause instanceof errors.JWTExpired)
      throw new ColloquyError('UNAUTHENTICATED', 'The token has expired.');
    throw wrong();
  }
}
