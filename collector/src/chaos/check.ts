import { setTimeout as sleep } from 'node:timers/promises';
import { messageListShape, threadDetailShape, threadListShape } from '@colloquy/schema';
import { createThread, type ThreadPlan } from '../bench/synthetic-threads.js';
import type { AcknowledgedSpan } from './load.js';

interface Counted {
  /** Acknowledged spans that no query finds. */
  readonly lost: number;
  /** Spans that are there more than once. */
  readonly doubled: number;
}

export interface Verdict extends Counted {
  /** What all spans are in, and how many of them were asked for one by one; of the others spans are counted. */
  readonly threads: number;
  readonly asked: number;
  /** Threads whose conversation is not what was said, word for word. */
  readonly wrong: readonly string[];
}

const POLL_MS = 200;

/** Threads that are asked for at once, and after how many of them that is told. */
const AT_ONCE = 8;
const PROGRESS_EVERY = 200;

/** So many threads are asked for at the most; half an hour of kills leaves fewer. */
const MAX_ASKED = 3_000;
const PAGE = 200;

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

/** How many model calls each thread has, as the list tells. */
async function readCounts(url: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let cursor = ''; ;) {
    const place = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = threadListShape.parse(await ask(url, `/threads?limit=${PAGE}${place}`));
    for (const { thread_id, generation_count } of page.threads)
      counts.set(thread_id, generation_count);
    if (page.next_cursor === null) return counts;
    cursor = page.next_cursor;
  }
}

/** Threads that are asked for one by one: all, or as many spread evenly over them. */
function choose<T>(threads: readonly T[]): readonly T[] {
  const step = Math.max(1, threads.length / MAX_ASKED);
  return threads.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

export interface CheckOptions {
  readonly url: string;
  readonly plan: ThreadPlan;
  readonly acknowledged: readonly AcknowledgedSpan[];
  readonly progress: (message: string) => void;
}

/** Whether a thread has what was acknowledged of it, and no more. */
async function checkThread(
  { url, plan }: CheckOptions,
  threadId: string,
  spanIds: ReadonlySet<string>,
): Promise<Counted & { readonly isWrong: boolean }> {
  const found = await readSpanIds(url, threadId);
  const different = new Set(found);
  const { messages } = createThread(plan, Number(threadId.slice(plan.name.length + 1)));
  const said = messages.slice(0, 2 * spanIds.size + 1).map(({ content }) => content);
  const told = found.length === 0 ? [] : await readTexts(url, threadId);
  return {
    lost: [...spanIds].filter((spanId) => !different.has(spanId)).length,
    doubled: found.length - different.size,
    isWrong: JSON.stringify(told) !== JSON.stringify(said),
  };
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Asks for every acknowledged span by the API, and for conversations word for word. */
export async function check(options: CheckOptions): Promise<Verdict> {
  const { url, acknowledged, progress } = options;
  const threads = [...byThread(acknowledged)];
  const counts = await readCounts(url);
  const listed = threads.map(([threadId, { size }]) => (counts.get(threadId) ?? 0) - size);
  const chosen = choose(threads);
  const waiting = chosen.values();
  const wrong: string[] = [];
  const asked = { threads: 0, lost: 0, doubled: 0 };
  const askAll = async (): Promise<void> => {
    for (const [threadId, spanIds] of waiting) {
      const { lost, doubled, isWrong } = await checkThread(options, threadId, spanIds);
      asked.lost += lost;
      asked.doubled += doubled;
      if (isWrong) wrong.push(threadId);
      asked.threads += 1;
      if (asked.threads % PROGRESS_EVERY === 0)
        progress(`asked for ${asked.threads} of ${chosen.length} threads`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askAll));
  return {
    lost: Math.max(asked.lost, sum(listed.map((more) => Math.max(0, -more)))),
    doubled: Math.max(asked.doubled, sum(listed.map((more) => Math.max(0, more)))),
    wrong,
    threads: threads.length,
    asked: chosen.length,
  };
}
