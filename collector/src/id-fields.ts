import { USER_KEYS, USER_METADATA_NAMES } from './normalise/context-keys.js';
import { METADATA_KEYS, METADATA_NAMES, THREAD_ATTRIBUTES } from './normalise/thread-keys.js';
import type { IdFields } from './masking/id-fields.js';

/** Users are known by it where nothing else names them. */
const ADDRESSES = new Set(['user.email']);

/** Ids of threads and users, in all dialects. */
export const ID_FIELDS: IdFields = {
  attributes: new Set([...THREAD_ATTRIBUTES, ...USER_KEYS].filter((key) => !ADDRESSES.has(key))),
  addresses: ADDRESSES,
  containers: new Set(METADATA_KEYS),
  names: [...METADATA_NAMES, ...USER_METADATA_NAMES],
};
