import type { Conversation } from './conversation.js';
import type { ScriptedReply } from './script.js';

/** What a request asks for, whatever the API shape it came in. */
export interface ProviderRequest {
  readonly model: string;
  readonly stream: boolean;
  /** The messages of this request alone. */
  readonly messages: Conversation;
  /** The response that this request goes on from; its conversation comes first. */
  readonly previousId?: string;
}

/** Token counts of one response; `inputTokens` includes what the cache read and wrote. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** Input tokens the cache neither read nor wrote: what some APIs count as input. */
export const uncachedTokens = ({ inputTokens, cachedTokens, cacheWriteTokens }: Usage): number =>
  Math.max(0, inputTokens - cachedTokens - cacheWriteTokens);

/** All that an API shape needs to write a response. */
export interface ProviderAnswer {
  /** Unique within all responses; the shape puts its own prefix before it. */
  readonly serial: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly model: string;
  readonly reply: ScriptedReply;
  readonly usage: Usage;
}

/** One provider's wire format: its own body in, its own body or stream out. Pure. */
export interface ApiShape {
  matches(path: string): boolean;
  /** @param path - of some APIs it tells the model, and whether to stream */
  readRequest(body: string, path: string): ProviderRequest;
  /** The id under which a later request may name this response. */
  responseId(serial: string): string;
  /** @param body - of the request: some APIs repeat parts of it */
  writeResponse(answer: ProviderAnswer, body: string): object;
  /** Media type of a stream; server-sent events unless given. */
  readonly streamType?: string;
  /** @returns whole frames, such as server-sent events, each with its blank line */
  writeStream(answer: ProviderAnswer, body: string): Iterable<string | Uint8Array>;
  writeError(status: number): object;
}

/** What is asked beside the conversation, and answered without the script. Pure. */
export interface UnscriptedRoute {
  matches(path: string): boolean;
  answer(body: string, path: string): object;
}

const PIECE_CODE_POINTS = 12;

/** Cuts text as a stream does, never inside a code point. */
export function* pieces(text: string): Generator<string> {
  const points = Array.from(text);
  for (let at = 0; at < points.length; at += PIECE_CODE_POINTS) {
    yield points.slice(at, at + PIECE_CODE_POINTS).join('');
  }
}
