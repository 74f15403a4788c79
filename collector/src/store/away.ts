/** Failures of the connection, by Node's code. */
const CONNECTION_FAILURES: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The client's own time limit comes without a code. */
export const CLIENT_TIMEOUT = 'Timeout error.';

/** Whether nobody answered; what ClickHouse itself says is something else. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return CONNECTION_FAILURES.has(code) || error.message === CLIENT_TIMEOUT;
}
