/** Reads a header by its lower-case name; `undefined` where it was not sent. */
export type HeaderReader = (name: string) => string | undefined;

const BEARER = /^Bearer +(\S+) *$/i;
const BASIC = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i;

/** The password is the key; a user without a password is one too, as in `https://key@host`. */
function readBasic(encoded: string): string {
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  return password === '' ? user : password;
}

/**
 * The key or token that a request shows: `Authorization: Bearer`, `Basic`, or `x-api-key`.
 * `''` for credentials of which nothing can be made; `undefined` for none at all.
 */
export function readCredentials(header: HeaderReader): string | undefined {
  const authorization = header('authorization');
  if (authorization === undefined || authorization.trim() === '')
    return header('x-api-key')?.trim();
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = BASIC.exec(authorization)?.[1];
  return basic === undefined ? '' : readBasic(basic);
}
