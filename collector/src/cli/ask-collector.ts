import { ColloquyError } from '../errors.js';

/** Where a collector listens unless told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:4318';

/** Where commands find the key that they show; not a flag, which others could see in the process list. */
const keyHeaders = (): Readonly<Record<string, string>> => {
  const key = process.env['COLLOQUY_API_KEY'] ?? '';
  return key === '' ? {} : { authorization: `Bearer ${key}` };
};

const TIMEOUT_MS = 120_000;

/**
 * Asks a running collector, with the key in `COLLOQUY_API_KEY` where there is one.
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
    const headers = { ...keyHeaders(), ...(init.headers as Readonly<Record<string, string>>) };
    response = await fetch(target, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init, headers });
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
    `The collector at ${url} answers ${response.status}: ${problem.detail ?? response.statusText}${response.status === 401 ? ' Set COLLOQUY_API_KEY.' : ''}`,
  );
}
