import type { JsonObject, Message } from './message.js';
import type { LogRecord, Span } from './otlp.js';
import type { Report } from './report.js';

/** What a span stands for, whatever its tracer calls it. */
export const OBSERVATION_KINDS = [
  'other',
  'llm',
  'embedding',
  'retriever',
  'reranker',
  'tool',
  'agent',
  'chain',
  'guardrail',
  'evaluator',
  'turn',
  'message',
  'event',
  'feedback',
] as const;
export type ObservationKind = (typeof OBSERVATION_KINDS)[number];

/** A thread id met on a span, log record or resource; the lowest rank over a trace wins. */
export interface ThreadCandidate {
  readonly threadId: string;
  /** The attribute it came from. */
  readonly key: string;
  /** 1 is the application's own explicit key; see `normalise/thread-keys.ts`. */
  readonly rank: number;
}

/**
 * Where a call's messages were read from; a lower source outranks a higher one. `raw`: nothing of
 * the messages could be parsed, because they were cut, say.
 */
export const CONTENT_SOURCES = [
  'none',
  'messages',
  'events',
  'logs',
  'indexed',
  'request',
  'value',
  'raw',
] as const;
export type ContentSource = (typeof CONTENT_SOURCES)[number];

/**
 * What all dialects are brought to: the meaning of one span, or of one log record, in the
 * names of the GenAI semantic conventions. `undefined` means that nothing said so.
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export interface GenAi {
  /** Names of the dialects that had a say, in order of precedence. */
  readonly dialects: readonly string[];
  readonly kind: ObservationKind;
  readonly operationName: string | undefined;
  readonly providerName: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly previousResponseId: string | undefined;
  readonly finishReasons: readonly string[];
  readonly agentName: string | undefined;
  readonly toolName: string | undefined;
  readonly toolCallId: string | undefined;
  /** All input tokens, cached ones included. */
  readonly inputTokens: number | undefined;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number | undefined;
  readonly cacheReadInputTokens: number | undefined;
  readonly cacheWriteInputTokens: number | undefined;
  readonly reasoningOutputTokens: number | undefined;
  /** US dollars as the emitter reported them. */
  readonly reportedCostUsd: number | undefined;
  /** Seconds from the request to the first streamed chunk. */
  readonly timeToFirstChunk: number | undefined;
  readonly errorType: string | undefined;
  /** The application's id of a message that it reports or judges. */
  readonly messageId: string | undefined;
  /** The id of the reported message that set off this run. */
  readonly parentMessageId: string | undefined;
  readonly report: Report | undefined;
  readonly userId: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly threadCandidates: readonly ThreadCandidate[];
  /** Instructions given apart from the history (`gen_ai.system_instructions`). */
  readonly systemMessages: readonly Message[];
  /** The history sent, in order; system messages where they stood in it. */
  readonly inputMessages: readonly Message[];
  /** One message for each choice; several in a row where one choice spans them. */
  readonly outputMessages: readonly Message[];
  /** How many of `inputMessages` each of several calls was sent; empty when all are of one call. */
  readonly inputCounts: readonly number[];
  /** How many of `outputMessages` each of these calls answered. */
  readonly outputCounts: readonly number[];
  readonly inputSource: ContentSource;
  readonly outputSource: ContentSource;
  /** The attribute or event that was read, `log:<event>` on log records; `''` where nothing was. */
  readonly systemKey: string;
  readonly inputKey: string;
  readonly outputKey: string;
  /** Of the rules that read it; see `normalise/rule-version.ts`. */
  readonly ruleVersion: number;
}

/** A span with its meaning. */
export interface CanonicalSpan {
  readonly span: Span;
  readonly genAi: GenAi;
}

/** A log record with its meaning: usually one message of a call, or all of them. */
export interface CanonicalLog {
  readonly log: LogRecord;
  readonly genAi: GenAi;
}
