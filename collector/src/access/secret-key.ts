import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new key: what its user is shown once, and what is kept. */
export interface SecretKey {
  readonly keyId: string;
  readonly text: string;
  readonly hash: string;
}

const ID_BYTES = 6;
/** 192 bits: nothing to guess, so that a plain hash is enough and each request is cheap to check. */
const SECRET_BYTES = 24;

const KEY = /^clq_(?:pub_)?([0-9a-f]{12})_[0-9a-f]{48}$/;

/** SHA-256 in hex. */
export const hashKey = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Makes a key, `clq_<id>_<secret>`. The prefix tells people and secret scanners what it is.
 * @param isPublic - whether it may be read by anyone; `clq_pub_…` says so
 */
export function createKey(isPublic: boolean): SecretKey {
  const keyId = randomBytes(ID_BYTES).toString('hex');
  const text = `clq_${isPublic ? 'pub_' : ''}${keyId}_${randomBytes(SECRET_BYTES).toString('hex')}`;
  return { keyId, text, hash: hashKey(text) };
}

/** The id in a key; `undefined` where the text is none. */
export const keyIdOf = (text: string): string | undefined => KEY.exec(text)?.[1];

/** Whether a key is the one that was hashed; takes as long whatever is wrong with it. */
export const isKeyOf = (text: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashKey(text), 'hex'), Buffer.from(hash, 'hex'));
