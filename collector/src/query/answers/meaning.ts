import type {
  GenAiFact,
  JsonObject,
  SpanAnswer,
  ThreadCandidate,
  ThreadCandidateAnswer,
} from '@colloquy/schema';

/** The part of an answer that spans and log records share. */
export type MeaningAnswer = Pick<
  SpanAnswer,
  | 'dialects'
  | 'observation_kind'
  | 'operation_name'
  | 'provider_name'
  | 'request_model'
  | 'response_model'
  | 'response_id'
  | 'previous_response_id'
  | 'finish_reasons'
  | 'agent_name'
  | 'tool_name'
  | 'tool_call_id'
  | 'input_tokens'
  | 'output_tokens'
  | 'cache_read_input_tokens'
  | 'cache_write_input_tokens'
  | 'reasoning_output_tokens'
  | 'reported_cost_usd'
  | 'time_to_first_chunk'
  | 'error_type'
  | 'user_id'
  | 'tags'
  | 'metadata'
  | 'thread_candidates'
  | 'input_source'
  | 'output_source'
>;

export const encodeCandidate = ({
  threadId,
  key,
  rank,
}: ThreadCandidate): ThreadCandidateAnswer => ({
  thread_id: threadId,
  key,
  rank,
});

/** @param metadata - JSON text of an object, or nothing */
export const encodeMeaning = (fact: GenAiFact, metadata: string): MeaningAnswer => ({
  dialects: fact.dialects,
  observation_kind: fact.kind,
  operation_name: fact.operationName ?? null,
  provider_name: fact.providerName ?? null,
  request_model: fact.requestModel ?? null,
  response_model: fact.responseModel ?? null,
  response_id: fact.responseId ?? null,
  previous_response_id: fact.previousResponseId ?? null,
  finish_reasons: fact.finishReasons,
  agent_name: fact.agentName ?? null,
  tool_name: fact.toolName ?? null,
  tool_call_id: fact.toolCallId ?? null,
  input_tokens: fact.inputTokens ?? null,
  output_tokens: fact.outputTokens ?? null,
  cache_read_input_tokens: fact.cacheReadInputTokens ?? null,
  cache_write_input_tokens: fact.cacheWriteInputTokens ?? null,
  reasoning_output_tokens: fact.reasoningOutputTokens ?? null,
  reported_cost_usd: fact.reportedCostUsd ?? null,
  time_to_first_chunk: fact.timeToFirstChunk ?? null,
  error_type: fact.errorType ?? null,
  user_id: fact.userId ?? null,
  tags: fact.tags,
  metadata: metadata === '' ? {} : (JSON.parse(metadata) as JsonObject),
  thread_candidates: fact.threadCandidates.map(encodeCandidate),
  input_source: fact.inputSource,
  output_source: fact.outputSource,
});
