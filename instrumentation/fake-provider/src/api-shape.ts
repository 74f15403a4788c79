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

/** Token counts of one response; `inputTokens` includes `cachedTokens`. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

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

/** One provider's wire format: its own body in, its own body or server-sent events out. Pure. */
export interface ApiShape {
  matches(path: string): boolean;
  readRequest(body: string): ProviderRequest;
  /** The id under which a later request may name this response. */
  responseId(serial: string): string;
  writeResponse(answer: ProviderAnswer): object;
  /** @returns server-sent event frames, each with its blank line */
  writeStream(answer: ProviderAnswer, body: string): Iterable<string>;
  writeError(status: number): object;
}

const PIECE_CODE_POINTS = 12;

/** Cuts text as a stream does, never inside a code point. */
export function* pieces(text: string): Generator<string> {
  const points = Array.from(text);
  for (let at = 0; at < points.length; at += PIECE_CODE_POINTS) {
    yield points.slice(at, at + PIECE_CODE_POINTS).join('');
  }
}
