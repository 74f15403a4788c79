import { setTimeout as sleep } from 'node:timers/promises';
import { threadListShape, type ThreadListAnswer } from '@colloquy/schema';

const POLL_MS = 50;
const PAGE = 200;

/** One page of the list of threads. */
export async function readPage(
  url: string,
  limit: number,
  cursor?: string,
): Promise<ThreadListAnswer> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
  const response = await fetch(`${url}/api/v1/threads?${query.toString()}`);
  if (!response.ok) throw new Error(`The list of threads answered ${response.status}.`);
  return threadListShape.parse(await response.json());
}

async function countTurns(url: string): Promise<number> {
  let turns = 0;
  let cursor: string | undefined;
  do {
    const page = await readPage(url, PAGE, cursor);
    turns += page.threads.reduce((sum, { turn_count }) => sum + turn_count, 0);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return turns;
}

/** Resolves when the lists show that many turns in all. @throws Error after the deadline */
export async function waitForTurns(
  url: string,
  turns: number,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await countTurns(url);
    if (found >= turns) return;
    if (Date.now() > deadline) {
      throw new Error(`The lists show ${found} of ${turns} turns after ${timeoutMs / 1_000} s.`);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
