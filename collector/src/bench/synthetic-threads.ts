import { createRandom, createText } from './synthetic-text.js';

/** A message as a chat app keeps it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A whole conversation: the system prompt, then question and answer by turns. */
export interface SyntheticThread {
  readonly threadId: string;
  readonly userId: string;
  readonly messages: readonly ChatMessage[];
}

export interface ThreadPlan {
  /** Part of every thread id, and what the text depends on. */
  readonly name: string;
  readonly threads: number;
  readonly turns: number;
  /** Characters of one message. */
  readonly messageSize: number;
}

/** 32 bits of a name (FNV-1a). */
function seedOf(name: string): number {
  let seed = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    seed = Math.imul(seed ^ name.charCodeAt(index), 0x01000193);
  }
  return seed;
}

/** The thread of that number; every message but the system prompt is said once in all threads. */
export function createThread(
  { name, turns, messageSize }: ThreadPlan,
  index: number,
): SyntheticThread {
  const random = createRandom(seedOf(`${name}/${index}`));
  const say = (role: ChatMessage['role']): ChatMessage => ({
    role,
    content: createText(random, messageSize),
  });
  const system = createText(createRandom(seedOf(name)), messageSize);
  return {
    threadId: `${name}-${index}`,
    userId: `user-${index % 50}`,
    messages: [
      { role: 'system', content: system },
      ...Array.from({ length: turns }, () => [say('user'), say('assistant')]).flat(),
    ],
  };
}

/** What one turn sends to the model, and what comes back. */
export function turnOf(
  { messages }: SyntheticThread,
  turn: number,
): { readonly history: readonly ChatMessage[]; readonly answer: ChatMessage } {
  const end = 2 * turn;
  const answer = messages[end];
  if (answer === undefined) throw new RangeError(`The thread has no turn ${turn}`);
  return { history: messages.slice(0, end), answer };
}

/** Bytes of all that is said in a thread, each message once. */
export const contentBytes = ({ messages }: SyntheticThread): number =>
  messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
