import { Agent, get } from 'node:http';

/** One look whether a collector answers. */
export interface Poll {
  /** By `performance.now`. */
  readonly at: number;
  readonly latencyMs: number;
}

/** Seldom enough to cost what is asked next to nothing: its CPU is measured meanwhile. */
const EVERY_MS = 250;

function poll(url: string, agent: Agent): Promise<Poll> {
  const at = performance.now();
  return new Promise((resolve, reject) => {
    get(`${url}/healthz`, { agent }, (response) => {
      response.resume().once('end', () => resolve({ at, latencyMs: performance.now() - at }));
    }).once('error', reject);
  });
}

/**
 * Asks `GET /healthz` while something runs, at a fixed pace, whether answers come or not, so that a
 * blocked event loop is seen as often as it would be met.
 */
export async function pollHealthDuring<T>(
  url: string,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly polls: readonly Poll[] }> {
  const agent = new Agent({ keepAlive: true });
  const asked: Promise<Poll>[] = [];
  const timer = setInterval(() => {
    const answer = poll(url, agent);
    // Met again below.
    answer.catch(() => undefined);
    asked.push(answer);
  }, EVERY_MS);
  try {
    const result = await run();
    return { result, polls: await Promise.all(asked) };
  } finally {
    clearInterval(timer);
    agent.destroy();
  }
}
