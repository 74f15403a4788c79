import type { Conversation } from '@colloquy/schema';
import { sumKnown } from './conversation/turns.js';

/** What a list tells of a thread. The one place where a conversation is counted. */
export interface ThreadSummary extends Pick<
  Conversation,
  | 'threadId'
  | 'isInferred'
  | 'title'
  | 'firstActivityAt'
  | 'lastActivityAt'
  | 'services'
  | 'models'
  | 'userIds'
  | 'tags'
  | 'errorCount'
> {
  /** Messages of the main line. */
  readonly messageCount: number;
  /** Turns that a user message set off. */
  readonly turnCount: number;
  readonly traceCount: number;
  readonly generationCount: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; `undefined` when no price is known. */
  readonly costUsd: number | undefined;
}

/** Counts a conversation. Pure. */
export function summarise(conversation: Conversation): ThreadSummary {
  const { threadId, isInferred, title, firstActivityAt, lastActivityAt, traceIds, generations } =
    conversation;
  const { services, models, userIds, tags, errorCount, messages, turns } = conversation;
  return {
    threadId,
    isInferred,
    title,
    firstActivityAt,
    lastActivityAt,
    messageCount: messages.filter(({ line }) => line === 'main').length,
    turnCount: turns.filter(({ turn }) => turn > 0).length,
    traceCount: traceIds.length,
    generationCount: generations.length,
    errorCount,
    services,
    models,
    userIds,
    tags,
    inputTokens: sumKnown(generations.map(({ inputTokens }) => inputTokens)) ?? 0,
    outputTokens: sumKnown(generations.map(({ outputTokens }) => outputTokens)) ?? 0,
    costUsd: sumKnown(generations.map(({ costUsd }) => costUsd)),
  };
}
