import type { Conversation, ConversationMessage, Generation } from '@colloquy/schema';
import { digest as digestOf } from '../digest.js';
import { summarise, type ThreadSummary } from '../thread-summary.js';
import type { Row } from './gen-ai-columns.js';
import { formatNano } from './time.js';

export type DerivedTable =
  | 'derived_threads'
  | 'derived_messages'
  | 'derived_generations'
  | 'derived_traces';

/** A row of a derived table; `digest` changes when anything in it does. */
export interface DerivedRow {
  readonly table: DerivedTable;
  readonly row: Row;
  readonly digest: string;
}

function encodeThread(projectId: string, thread: ThreadSummary): Row {
  return {
    project_id: projectId,
    thread_id: thread.threadId,
    title: thread.title,
    first_activity_at: formatNano(thread.firstActivityAt),
    last_activity_at: formatNano(thread.lastActivityAt),
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
    is_deleted: 0,
  };
}

function encodeMessage(
  base: Row,
  message: ConversationMessage,
  position: number,
  shelf: string,
): Row {
  return {
    ...base,
    message_id: message.messageId,
    position,
    turn: message.turn,
    line: message.line,
    branch: message.branch,
    role: message.role,
    source: message.source,
    tracked_id: message.trackedId ?? '',
    created_at: formatNano(message.createdAt),
    trace_id: message.traceId,
    span_id: message.spanId,
    shelf,
    content_hash: message.contentHash,
    history_gap: message.historyGap,
    is_summary: message.isSummary,
    is_deleted: 0,
  };
}

function encodeGeneration(base: Row, generation: Generation): Row {
  return {
    ...base,
    trace_id: generation.traceId,
    span_id: generation.spanId,
    turn: generation.turn,
    name: generation.name,
    operation_name: generation.operationName,
    provider_name: generation.providerName,
    model: generation.model,
    agent_name: generation.agentName,
    user_id: generation.userId,
    dialect: generation.dialect,
    start_time: formatNano(generation.startTimeUnixNano),
    end_time: formatNano(generation.endTimeUnixNano),
    is_error: generation.isError,
    input_tokens: generation.inputTokens ?? null,
    output_tokens: generation.outputTokens ?? null,
    cache_read_input_tokens: generation.cacheReadInputTokens ?? null,
    cache_write_input_tokens: generation.cacheWriteInputTokens ?? null,
    reasoning_output_tokens: generation.reasoningOutputTokens ?? null,
    time_to_first_chunk: generation.timeToFirstChunk ?? null,
    cost_usd: generation.costUsd ?? null,
    is_deleted: 0,
  };
}

/** All rows that a conversation has in the derived tables, by table and key. */
export function encodeConversation(
  projectId: string,
  conversation: Conversation,
  shelfOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, DerivedRow> {
  const base: Row = { project_id: projectId, thread_id: conversation.threadId };
  const rows = new Map<string, DerivedRow>();
  const put = (table: DerivedTable, key: string, row: Row): void => {
    rows.set(`${table}/${key}`, { table, row, digest: digestOf(JSON.stringify(row)) });
  };
  put('derived_threads', '', encodeThread(projectId, summarise(conversation)));
  for (const [position, message] of conversation.messages.entries()) {
    const shelf = shelfOf.get(message.contentHash) ?? message.contentHash;
    put('derived_messages', message.messageId, encodeMessage(base, message, position, shelf));
  }
  for (const generation of conversation.generations) {
    put(
      'derived_generations',
      `${generation.traceId}/${generation.spanId}`,
      encodeGeneration(base, generation),
    );
  }
  for (const traceId of conversation.traceIds)
    put('derived_traces', traceId, { ...base, trace_id: traceId });
  return rows;
}
