import type { IncomingHttpHeaders } from 'node:http';

const SIGV4_KEY_ID = /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//;
const SCHEME = /^Bearer\s+/i;

/**
 * The bare key that a client sends, wherever its API wants it; of an AWS signature, the access key
 * id. `''` when there is none.
 */
export function readClientKey(headers: IncomingHttpHeaders): string {
  const { authorization = '' } = headers;
  const sent = authorization || headers['x-api-key'] || headers['x-goog-api-key'];
  if (typeof sent !== 'string') return '';
  return SIGV4_KEY_ID.exec(sent)?.[1] ?? sent.replace(SCHEME, '');
}
