import type { ObservationKind, SpanFact } from '@colloquy/schema';

/** A span of one trace that says only what a test is about. */
export function span(
  spanId: string,
  more: {
    readonly parent?: string;
    readonly start?: number;
    readonly kind?: ObservationKind;
    readonly input?: readonly string[];
    readonly output?: readonly string[];
    readonly tokens?: number;
  } = {},
): SpanFact {
  const { parent, start = 0, kind = 'other', input = [], output = [], tokens } = more;
  return {
    traceId: 'trace',
    spanId,
    parentSpanId: parent,
    name: spanId,
    startTimeUnixNano: BigInt(start),
    endTimeUnixNano: BigInt(start + 1),
    statusCode: 'Unset',
    serviceName: '',
    linkedTraceIds: [],
    dialects: [],
    kind,
    operationName: undefined,
    providerName: undefined,
    requestModel: undefined,
    responseModel: undefined,
    responseId: undefined,
    previousResponseId: undefined,
    finishReasons: [],
    agentName: undefined,
    toolName: undefined,
    toolCallId: undefined,
    inputTokens: tokens,
    outputTokens: undefined,
    cacheReadInputTokens: undefined,
    cacheWriteInputTokens: undefined,
    reasoningOutputTokens: undefined,
    reportedCostUsd: undefined,
    timeToFirstChunk: undefined,
    errorType: undefined,
    messageId: undefined,
    parentMessageId: undefined,
    report: undefined,
    userId: undefined,
    tags: [],
    threadCandidates: [],
    systemHashes: [],
    inputHashes: input,
    outputHashes: output,
    systemKey: '',
    inputKey: '',
    outputKey: '',
    ruleVersion: 1,
    inputCounts: [],
    outputCounts: [],
    inputSource: input.length === 0 ? 'none' : 'messages',
    outputSource: output.length === 0 ? 'none' : 'messages',
  };
}
