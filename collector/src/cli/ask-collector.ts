import { ColloquyError } from '../errors.js';

/** Where a collector listens unless told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:4318';

const TIMEOUT_MS = 120_000;

/**
 * Asks a running collector.
 *
 * @param path - below `/api/v1`
 * @throws ColloquyError `STARTUP_FAILED` in one sentence, when nobody answers or the answer is a problem
 */
export async function askCollector(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const target = `${url.replace(/\/$/, '')}/api/v1${path}`;
  let response: Response;
  try {
    response = await fetch(target, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  } catch (error) {
    throw new ColloquyError(
      'STARTUP_FAILED',
      `No collector answers at ${url}. Start it with npm start, or name another with --url.`,
      { cause: error },
    );
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new ColloquyError(
    'STARTUP_FAILED',
    `The collector at ${url} answers ${response.status}: ${problem.detail ?? response.statusText}`,
  );
}
