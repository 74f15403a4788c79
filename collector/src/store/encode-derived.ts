import { hash } from 'node:crypto';
import type {
  Conversation,
  ConversationMessage,
  Feedback,
  Generation,
  JsonObject,
} from '@colloquy/schema';
import { summarise, type ThreadSummary } from '../thread-summary.js';
import type { Row } from './gen-ai-columns.js';
import { formatNano } from './time.js';

export type DerivedTable =
  | 'derived_threads'
  | 'derived_messages'
  | 'derived_generations'
  | 'derived_traces';

/** A row of a derived table, encoded when it is to be written. */
export interface DerivedRow {
  readonly table: DerivedTable;
  /** Changes when anything in the row does. */
  readonly digest: string;
  readonly encode: () => Row;
}

const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

/** A value so that no other has the same text. Most are plain, and only lists and objects worth JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) && value.length === 0 ? '[]' : JSON.stringify(value, bigintAsText);
}

/** A digest of all that a row is made of; the content of messages stands in it by its hash. */
function digestFields(fields: object, ...beside: readonly (string | number)[]): string {
  let text = beside.join('\n');
  for (const [name, value] of Object.entries(fields) as [string, unknown][])
    if (name !== 'parts') text += `\n${textOf(value)}`;
  return hash('sha256', text, 'base64');
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

const jsonText = (value: JsonObject): string =>
  Object.keys(value).length === 0 ? '' : JSON.stringify(value);

const encodeFeedback = (feedback: readonly Feedback[]): string =>
  JSON.stringify(
    feedback.map(({ userId, values, at }) => ({ user_id: userId, at: formatNano(at), values })),
  );

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
    metadata: jsonText(message.metadata),
    feedback: message.feedback.length === 0 ? '' : encodeFeedback(message.feedback),
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
    parent_message_id: generation.parentMessageId ?? '',
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
    price_source: generation.priceSource,
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
  const put = (key: string, row: DerivedRow): void => {
    rows.set(`${row.table}/${key}`, row);
  };
  const summary = summarise(conversation);
  put('', {
    table: 'derived_threads',
    digest: digestFields(summary),
    encode: () => encodeThread(projectId, summary),
  });
  for (const [position, message] of conversation.messages.entries()) {
    const shelf = shelfOf.get(message.contentHash) ?? message.contentHash;
    put(message.messageId, {
      table: 'derived_messages',
      digest: digestFields(message, position, shelf),
      encode: () => encodeMessage(base, message, position, shelf),
    });
  }
  for (const generation of conversation.generations) {
    put(`${generation.traceId}/${generation.spanId}`, {
      table: 'derived_generations',
      digest: digestFields(generation),
      encode: () => encodeGeneration(base, generation),
    });
  }
  for (const traceId of conversation.traceIds) {
    const row = { ...base, trace_id: traceId };
    put(traceId, { table: 'derived_traces', digest: traceId, encode: () => row });
  }
  return rows;
}
