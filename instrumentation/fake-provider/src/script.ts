import type { Conversation, ToolCall } from './conversation.js';

/** A tool call the script asks for; `arguments` becomes JSON text on the wire. */
export interface ScriptedToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
}

/** What the model says in one response. */
export interface ScriptedReply {
  readonly text?: string;
  /** Told as a reasoning summary by the APIs that have one, left out by the others. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Input tokens reported as read from the cache; 0 unless given. */
  readonly cachedTokens?: number;
  /** Input tokens reported as written to the cache, by the APIs that tell; 0 unless given. */
  readonly cacheWriteTokens?: number;
  /** HTTP status to fail with instead of answering. */
  readonly status?: number;
}

/** What the model says to one client, call by call, whatever it is asked. */
export type Replies = readonly ScriptedReply[];

/** One user message and the responses to it: the second reply follows the results of the first one's calls. */
export interface ScriptedTurn {
  readonly user: string;
  readonly replies: readonly ScriptedReply[];
  /** HTTP status of the first attempt; the next attempt succeeds. */
  readonly failFirst?: number;
}

/** The turns in the order in which they are asked. */
export type Script = readonly ScriptedTurn[];

/** The reply to give, and the status to answer with before it, once. */
export interface NextReply {
  readonly reply: ScriptedReply;
  readonly failFirst?: number;
}

/**
 * Finds what the model says next. Pure. The turn is the one at the count of user messages; an app
 * that sends only a part of the history gets the first turn with the same text; a text that is not
 * in the script is echoed.
 */
export function findReply(script: Script, conversation: Conversation): NextReply {
  const lastUser = conversation.findLastIndex(({ role }) => role === 'user');
  const user = conversation[lastUser]?.text ?? '';
  const turn = findTurn(script, conversation, user);
  const results = conversation.slice(lastUser + 1).filter(({ role }) => role === 'tool').length;
  const index = turn === undefined ? -1 : replyIndex(turn, results);
  const reply = turn?.replies[index];
  if (turn === undefined || reply === undefined) return { reply: { text: `You said: ${user}` } };
  const fails = index === 0 && turn.failFirst !== undefined;
  return fails ? { reply, failFirst: turn.failFirst } : { reply };
}

function findTurn(script: Script, conversation: Conversation, user: string) {
  const count = conversation.filter(({ role }) => role === 'user').length;
  const turn = script[count - 1];
  return turn?.user === user ? turn : script.find((other) => other.user === user);
}

/** Skips the replies whose tool calls are answered; counts results, as apps may leave the calls out. */
function replyIndex({ replies }: ScriptedTurn, results: number): number {
  let unused = results;
  return replies.findIndex(({ toolCalls = [] }) => {
    const waits = toolCalls.length === 0 || unused < toolCalls.length;
    unused -= toolCalls.length;
    return waits;
  });
}

/** The reply's tool calls as they go over the wire. */
export const wireToolCalls = ({ toolCalls = [] }: ScriptedReply): readonly ToolCall[] =>
  toolCalls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) }));
