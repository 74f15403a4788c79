import type { ConversationMessage, Generation, LogFact, SpanFact } from '@colloquy/schema';
import { findGenerations } from './counted.js';
import { priceOf, type Price } from './price.js';
import type { PriceTable } from './price-table.js';
import { agentOf, type SpanNode } from './span-tree.js';

/** True for a span that ended with an error. */
export const isFailed = ({ statusCode, errorType }: SpanFact): boolean =>
  statusCode === 'Error' || errorType !== undefined;

interface Counting {
  readonly turn: number;
  readonly parentMessageId: string | undefined;
  readonly price: Price | undefined;
}

function generationOf(span: SpanFact, { turn, parentMessageId, price }: Counting): Generation {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    turn,
    parentMessageId,
    name: span.name,
    operationName: span.operationName ?? '',
    providerName: span.providerName ?? '',
    model: span.responseModel ?? span.requestModel ?? '',
    agentName: span.agentName ?? '',
    userId: span.userId ?? '',
    dialect: span.dialects[0] ?? '',
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    isError: isFailed(span),
    inputTokens: span.inputTokens,
    outputTokens: span.outputTokens,
    cacheReadInputTokens: span.cacheReadInputTokens,
    cacheWriteInputTokens: span.cacheWriteInputTokens,
    reasoningOutputTokens: span.reasoningOutputTokens,
    timeToFirstChunk: span.timeToFirstChunk,
    costUsd: price?.usd,
    priceSource: price?.source ?? '',
  };
}

/** Which turn something took part in. */
export interface TurnFinder {
  /** Where the words of a call stand, else by its time. */
  readonly ofSpan: (span: SpanFact) => number;
  readonly at: (time: bigint) => number;
}

/** Finds turns by the messages that were said. */
export function createTurnFinder(messages: readonly ConversationMessage[]): TurnFinder {
  const bySpan = new Map(
    messages.map(({ traceId, spanId, turn }) => [`${traceId}/${spanId}`, turn]),
  );
  const main = messages.filter(({ line }) => line === 'main');
  const at = (time: bigint): number =>
    main.findLast(({ createdAt }) => createdAt <= time)?.turn ?? 0;
  return {
    at,
    ofSpan: ({ traceId, spanId, startTimeUnixNano }) =>
      bySpan.get(`${traceId}/${spanId}`) ?? at(startTimeUnixNano),
  };
}

/** A log record that states what a model call used. */
export const isUsage = ({ kind, inputTokens, outputTokens }: LogFact): boolean =>
  kind === 'llm' && (inputTokens !== undefined || outputTokens !== undefined);

/** A log record outside any trace as the span that it stands for. */
const asSpan = (log: LogFact): SpanFact => ({
  ...log,
  traceId: '',
  spanId: log.recordId,
  parentSpanId: undefined,
  name: log.eventName,
  statusCode: 'Unset',
  linkedTraceIds: [],
  startTimeUnixNano: log.timeUnixNano,
  endTimeUnixNano: log.timeUnixNano,
});

/**
 * The model calls of a thread, with what is counted for each.
 *
 * @param untraced - log records outside any trace, in order; of them those that state usage count
 * @param parentOf - the reported message that set off a span
 */
export function listGenerations(
  nodes: readonly SpanNode[],
  untraced: readonly LogFact[],
  turns: TurnFinder,
  parentOf: (span: SpanFact) => string | undefined,
  prices: PriceTable,
): readonly Generation[] {
  const counted = [
    ...findGenerations(nodes).map(({ node, span }) => ({ ...span, agentName: agentOf(node) })),
    ...untraced.filter(isUsage).map(asSpan),
  ];
  return counted.map((span) =>
    generationOf(span, {
      turn: turns.ofSpan(span),
      parentMessageId: parentOf(span),
      price: priceOf(span, prices),
    }),
  );
}
