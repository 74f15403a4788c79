import type {
  EventAnswer,
  Generation,
  GenerationAnswer,
  LosingCandidate,
  ThreadAnswer,
  ThreadDetailAnswer,
  ThreadEvent,
  Turn,
  TurnAnswer,
} from '@colloquy/schema';
import type { ThreadSummary } from '../../thread-summary.js';
import { encodeCandidate } from './meaning.js';
import { formatTime } from '../format-time.js';

/** A thread counts as active this long after, and before, its last activity. */
const ACTIVE_MS = 15n * 60_000n;
const NANOS_PER_MS = 1_000_000n;

/** A time that lies ahead, from a skewed clock, makes a thread no more active than one gone by. */
function isActive(lastActivityAt: bigint, nowMs: number): boolean {
  const age = BigInt(nowMs) - lastActivityAt / NANOS_PER_MS;
  return age <= ACTIVE_MS && age >= -ACTIVE_MS;
}

/** @param nowMs - milliseconds since 1970 */
export const encodeThread = (thread: ThreadSummary, nowMs: number): ThreadAnswer => ({
  thread_id: thread.threadId,
  title: thread.title,
  first_activity_at: formatTime(thread.firstActivityAt),
  last_activity_at: formatTime(thread.lastActivityAt),
  status: isActive(thread.lastActivityAt, nowMs) ? 'active' : 'inactive',
  message_count: thread.messageCount,
  turn_count: thread.turnCount,
  trace_count: thread.traceCount,
  generation_count: thread.generationCount,
  error_count: thread.errorCount,
  services: thread.services,
  models: thread.models,
  user_ids: thread.userIds,
  tags: thread.tags,
  inferred: thread.isInferred,
  input_tokens: thread.inputTokens,
  output_tokens: thread.outputTokens,
  cost_usd: thread.costUsd ?? null,
});

export const encodeTurn = (turn: Turn): TurnAnswer => ({
  turn: turn.turn,
  message_ids: turn.messageIds,
  started_at: formatTime(turn.startedAt),
  ended_at: formatTime(turn.endedAt),
  trace_ids: turn.traceIds,
  generation_count: turn.generationCount,
  error_count: turn.errorCount,
  input_tokens: turn.inputTokens,
  output_tokens: turn.outputTokens,
  cost_usd: turn.costUsd ?? null,
  latency_ms: turn.latencyMs ?? null,
  time_to_first_token_ms: turn.timeToFirstTokenMs ?? null,
});

export const encodeGeneration = (call: Generation): GenerationAnswer => ({
  trace_id: call.traceId,
  span_id: call.spanId,
  turn: call.turn,
  parent_message_id: call.parentMessageId ?? null,
  name: call.name,
  operation_name: call.operationName,
  provider_name: call.providerName,
  model: call.model,
  agent_name: call.agentName,
  user_id: call.userId,
  start_time: formatTime(call.startTimeUnixNano),
  end_time: formatTime(call.endTimeUnixNano),
  is_error: call.isError,
  input_tokens: call.inputTokens ?? null,
  output_tokens: call.outputTokens ?? null,
  cache_read_input_tokens: call.cacheReadInputTokens ?? null,
  cache_write_input_tokens: call.cacheWriteInputTokens ?? null,
  reasoning_output_tokens: call.reasoningOutputTokens ?? null,
  time_to_first_chunk: call.timeToFirstChunk ?? null,
  cost_usd: call.costUsd ?? null,
});

export const encodeEvent = (event: ThreadEvent): EventAnswer => ({
  name: event.name,
  at: formatTime(event.at),
  turn: event.turn,
  user_id: event.userId === '' ? null : event.userId,
  metadata: event.metadata,
  trace_id: event.traceId,
  span_id: event.spanId,
});

export const encodeLosingCandidate = (
  candidate: LosingCandidate,
): ThreadDetailAnswer['losing_candidates'][number] => ({
  ...encodeCandidate(candidate),
  trace_id: candidate.traceId,
  span_id: candidate.spanId === '' ? null : candidate.spanId,
});
