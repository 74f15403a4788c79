import { setTimeout as sleep } from 'node:timers/promises';
import { messageListShape, threadDetailShape } from '@colloquy/schema';
import { createThread } from '../bench/synthetic-threads.js';
import { PLAN, type AcknowledgedSpan } from './load.js';

export interface Verdict {
  /** Acknowledged spans that no query finds. */
  readonly lost: number;
  /** Spans that are there more than once. */
  readonly doubled: number;
  /** Threads whose conversation is not what was said, word for word. */
  readonly wrong: readonly string[];
}

const POLL_MS = 200;

/** Threads that are asked for at once, and after how many of them that is told. */
const AT_ONCE = 8;
const PROGRESS_EVERY = 200;

/** Resolves once all that was accepted is found by queries. @throws Error after `timeoutMs` */
export async function waitUntilQueryable(url: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const response = await fetch(`${url}/api/v1/status`);
    const { waiting } = (await response.json()) as { readonly waiting: number };
    if (waiting === 0) return;
    if (performance.now() > deadline) throw new Error(`${waiting} spans are not queryable yet.`);
    await sleep(POLL_MS);
  }
}

async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
  return response.json();
}

/** Ids of the model calls that a thread lists; none when there is no such thread. */
async function readSpanIds(url: string, threadId: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/threads/${threadId}`);
  if (response.status === 404) return [];
  const { generations } = threadDetailShape.parse(await response.json());
  return generations.map(({ span_id }) => span_id);
}

/** What was said, each message once. */
async function readTexts(url: string, threadId: string): Promise<readonly string[]> {
  const { messages } = messageListShape.parse(await ask(url, `/threads/${threadId}/messages`));
  return messages.map(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.content : part.type)).join(),
  );
}

function byThread(
  acknowledged: readonly AcknowledgedSpan[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const threads = new Map<string, Set<string>>();
  for (const { threadId, spanId } of acknowledged)
    threads.set(threadId, (threads.get(threadId) ?? new Set()).add(spanId));
  return threads;
}

/** What of one thread is not as it was sent. */
async function checkThread(
  url: string,
  threadId: string,
  spanIds: ReadonlySet<string>,
): Promise<{ readonly lost: number; readonly doubled: number; readonly isWrong: boolean }> {
  const found = await readSpanIds(url, threadId);
  const different = new Set(found);
  const { messages } = createThread(PLAN, Number(threadId.slice(PLAN.name.length + 1)));
  const said = messages.slice(0, 2 * spanIds.size + 1).map(({ content }) => content);
  const told = found.length === 0 ? [] : await readTexts(url, threadId);
  return {
    lost: [...spanIds].filter((spanId) => !different.has(spanId)).length,
    doubled: found.length - different.size,
    isWrong: JSON.stringify(told) !== JSON.stringify(said),
  };
}

export interface CheckOptions {
  readonly url: string;
  readonly acknowledged: readonly AcknowledgedSpan[];
  readonly progress: (message: string) => void;
}

/** Asks for every acknowledged span by the API, and for every conversation word for word. */
export async function check({ url, acknowledged, progress }: CheckOptions): Promise<Verdict> {
  const verdict = { lost: 0, doubled: 0, wrong: [] as string[] };
  const threads = byThread(acknowledged);
  const waiting = threads.entries();
  let asked = 0;
  const askAll = async (): Promise<void> => {
    for (const [threadId, spanIds] of waiting) {
      const { lost, doubled, isWrong } = await checkThread(url, threadId, spanIds);
      verdict.lost += lost;
      verdict.doubled += doubled;
      if (isWrong) verdict.wrong.push(threadId);
      asked += 1;
      if (asked % PROGRESS_EVERY === 0) progress(`asked for ${asked} of ${threads.size} threads`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askAll));
  return verdict;
}
