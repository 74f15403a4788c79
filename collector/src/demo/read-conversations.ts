import { setTimeout as sleep } from 'node:timers/promises';
import {
  encodeThreadId,
  messageListShape,
  threadDetailShape,
  type MessageAnswer,
  type ThreadDetailAnswer,
} from '@colloquy/schema';
import type { z } from 'zod';
import { expectThreads } from '../scenarios/expect.js';
import { ASSISTANT, DIALOGUES, type Dialogue } from './dialogues.js';

/** A thread as the API gives it. */
export interface ReadConversation {
  readonly thread: ThreadDetailAnswer;
  readonly messages: readonly MessageAnswer[];
}

const DEADLINE_MS = 15_000;
const POLL_MS = 100;
const MESSAGE_LIMIT = 100;

/** `undefined` while the API answers 404: the thread is not known yet. */
async function getJson<T>(
  url: string,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const response = await fetch(url, { signal });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return shape.parse(await response.json());
}

function expectedCount({ turns }: Dialogue): number {
  const { system, tool } = ASSISTANT;
  const scenario = { name: 'demo', about: 'two people', system, tools: [tool], steps: turns };
  return expectThreads(scenario, {})['main']?.messages.length ?? 0;
}

async function readConversation(
  apiUrl: string,
  dialogue: Dialogue,
  signal: AbortSignal,
): Promise<ReadConversation | undefined> {
  const url = `${apiUrl}/threads/${encodeThreadId(dialogue.threadId)}`;
  const thread = await getJson(url, threadDetailShape, signal);
  const isWhole =
    thread !== undefined &&
    thread.message_count >= expectedCount(dialogue) &&
    thread.trace_count >= dialogue.turns.length;
  if (!isWhole) return undefined;
  const list = await getJson(`${url}/messages?limit=${MESSAGE_LIMIT}`, messageListShape, signal);
  return list && { thread, messages: list.messages };
}

/**
 * Reads all dialogues back, once Colloquy has rebuilt them.
 * @throws Error when that takes longer than 15 s
 */
export async function readConversations(
  apiUrl: string,
  signal: AbortSignal,
): Promise<readonly ReadConversation[]> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await Promise.all(
      DIALOGUES.map((dialogue) => readConversation(apiUrl, dialogue, signal)),
    );
    const whole = found.filter((conversation) => conversation !== undefined);
    if (whole.length === DIALOGUES.length) return whole;
    if (Date.now() > deadline) {
      throw new Error(
        `Colloquy rebuilt ${whole.length} of ${DIALOGUES.length} threads in ${DEADLINE_MS / 1000} s.`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
