import type { Json, JsonObject, Message, Part, Role } from './message.js';
import type { ThreadCandidate } from './span.js';

/** Where the content of a message was read. */
export interface Provenance {
  /** The attribute or event, as `gen_ai.input.messages` or `log:gen_ai.user.message`. */
  readonly key: string;
  readonly dialect: string;
  readonly ruleVersion: number;
  /** The span or record on which it stands: another than the message's own where a later history told it better. */
  readonly traceId: string;
  readonly spanId: string;
}

/** A thread id that was met and lost, with where it was met first. */
export interface LosingCandidate extends ThreadCandidate {
  readonly traceId: string;
  /** `''` for a log record outside any span. */
  readonly spanId: string;
}

/** How a tool was run that a message calls, as the span of the tool tells it. */
export interface ToolExecution {
  /** Which of the message's parts is the call. */
  readonly part: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly isError: boolean;
  readonly errorType: string | undefined;
  /** Only where the call in the message has none. */
  readonly arguments: Json | undefined;
}

/** What one user thinks of a message. */
export interface Feedback {
  /** `''` when nobody said who. */
  readonly userId: string;
  /** By key, as `thumb` and `comment`; what was taken back is not there. */
  readonly values: JsonObject;
  /** When the newest of them was said. */
  readonly at: bigint;
}

/** Something that happened in a thread and is no message. */
export interface ThreadEvent {
  readonly name: string;
  readonly at: bigint;
  readonly turn: number;
  readonly userId: string;
  readonly metadata: JsonObject;
  readonly traceId: string;
  readonly spanId: string;
}

/** Who takes part, as far as the application told. */
export interface ThreadUser {
  readonly userId: string;
  readonly props: JsonObject;
}

/** One message of a conversation, told apart from equal ones by its place. */
export interface ConversationMessage {
  /** Stable: made of the thread id and the path of messages that leads here. */
  readonly messageId: string;
  readonly role: Role;
  readonly name: string | undefined;
  readonly parts: readonly Part[];
  /** Key of the content in the store. */
  readonly contentHash: string;
  readonly createdAt: bigint;
  /**
   * 1 for the first user message and what it set off, 0 for what was said before it. A system
   * message belongs to the turn of the message that follows it.
   */
  readonly turn: number;
  readonly line: 'main' | 'branch' | 'side_call';
  /** 0 for the main line; branches and side calls are numbered from 1, oldest first. */
  readonly branch: number;
  readonly source: 'tracked' | 'derived' | 'both';
  /** The application's own id of a message that it reported. */
  readonly trackedId: string | undefined;
  /** What the application said of a message that it reported. */
  readonly metadata: JsonObject;
  /** One for each user who judged it, the first first. */
  readonly feedback: readonly Feedback[];
  /** The call that said it, or the first that was sent it. */
  readonly traceId: string;
  readonly spanId: string;
  /** True when no history tied the message to those before it. */
  readonly historyGap: boolean;
  /** True when it tells in short what was said before, for a model that is not sent that any more. */
  readonly isSummary: boolean;
  /** The runs of the tools that it calls, where their spans are known. */
  readonly toolExecutions: readonly ToolExecution[];
  /** `undefined` when what told it has been stored by rules that did not note it. */
  readonly provenance: Provenance | undefined;
}

/** One model call of a thread, with what is counted for it. */
export interface Generation {
  readonly traceId: string;
  readonly spanId: string;
  readonly turn: number;
  /** The id of the reported message that set the call off. */
  readonly parentMessageId: string | undefined;
  readonly name: string;
  readonly operationName: string;
  readonly providerName: string;
  readonly model: string;
  readonly agentName: string;
  readonly userId: string;
  readonly dialect: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly isError: boolean;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly cacheReadInputTokens: number | undefined;
  readonly cacheWriteInputTokens: number | undefined;
  readonly reasoningOutputTokens: number | undefined;
  /** Seconds. */
  readonly timeToFirstChunk: number | undefined;
  readonly costUsd: number | undefined;
  /** Where the price came from; `''` when there is none. See `conversation/price.ts`. */
  readonly priceSource: string;
}

/** What a user message set off, up to the next one. */
export interface Turn {
  readonly turn: number;
  readonly messageIds: readonly string[];
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly traceIds: readonly string[];
  readonly generationCount: number;
  readonly errorCount: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | undefined;
  /** Milliseconds from the user's message to the last answer of the main line. */
  readonly latencyMs: number | undefined;
  /** Milliseconds from the user's message to the first streamed chunk, where a call tells of one. */
  readonly timeToFirstTokenMs: number | undefined;
}

export const DISCREPANCY_KINDS = [
  'altered',
  'doubled',
  'missing_call',
  'missing_message',
  'unanswered',
] as const;

/** Where what the application reported and what its model calls show do not agree. */
export interface Discrepancy {
  /**
   * `altered`: told in other words than the model was sent or said. `doubled`: reported twice, said once.
   * `missing_call`: no call shows it. `missing_message`: a call shows it, nobody reported it.
   * `unanswered`: a question that no assistant message follows.
   */
  readonly kind: (typeof DISCREPANCY_KINDS)[number];
  readonly messageId?: string | undefined;
  readonly trackedId?: string | undefined;
  /** As reported, and as the call has it. */
  readonly tracked?: Pick<Message, 'role' | 'parts'>;
  readonly derived?: Pick<Message, 'role' | 'parts'>;
}

/** A thread, rebuilt. */
export interface Conversation {
  readonly threadId: string;
  /** True when nobody named the thread and its traces were joined by what they say. */
  readonly isInferred: boolean;
  readonly title: string;
  readonly firstActivityAt: bigint;
  readonly lastActivityAt: bigint;
  readonly traceIds: readonly string[];
  readonly services: readonly string[];
  readonly models: readonly string[];
  readonly userIds: readonly string[];
  readonly users: readonly ThreadUser[];
  readonly tags: readonly string[];
  readonly events: readonly ThreadEvent[];
  /** The main line in order, then branches and side calls, each in order. */
  readonly messages: readonly ConversationMessage[];
  readonly turns: readonly Turn[];
  readonly generations: readonly Generation[];
  readonly discrepancies: readonly Discrepancy[];
  /** Failed model calls and tool calls. */
  readonly errorCount: number;
  /** The other thread ids met on its traces, best first. */
  readonly losingCandidates: readonly LosingCandidate[];
}
