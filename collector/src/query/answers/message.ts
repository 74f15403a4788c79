import type {
  Contents,
  ContextMessageAnswer,
  ConversationMessage,
  MessageAnswer,
  ToolExecution,
  ToolExecutionAnswer,
} from '@colloquy/schema';
import { MISSING } from '../../conversation/message-memory.js';
import { formatTime } from '../format-time.js';

const encodeToolExecution = (run: ToolExecution): ToolExecutionAnswer => ({
  part: run.part,
  trace_id: run.traceId,
  span_id: run.spanId,
  name: run.name,
  started_at: formatTime(run.startedAt),
  ended_at: formatTime(run.endedAt),
  duration_ns: Number(run.endedAt - run.startedAt),
  is_error: run.isError,
  error_type: run.errorType ?? null,
  ...(run.arguments !== undefined && { arguments: run.arguments }),
});

export const encodeMessage = (message: ConversationMessage): MessageAnswer => ({
  message_id: message.messageId,
  role: message.role,
  ...(message.name !== undefined && { name: message.name }),
  parts: message.parts,
  content_hash: message.contentHash,
  created_at: formatTime(message.createdAt),
  turn: message.turn,
  branch: message.branch,
  line: message.line,
  source: message.source,
  tracked_id: message.trackedId ?? null,
  metadata: message.metadata,
  feedback: message.feedback.map(({ userId, values, at }) => ({
    user_id: userId === '' ? null : userId,
    at: formatTime(at),
    values,
  })),
  trace_id: message.traceId,
  span_id: message.spanId,
  history_gap: message.historyGap,
  is_summary: message.isSummary,
  provenance:
    message.provenance === undefined
      ? null
      : {
          key: message.provenance.key,
          dialect: message.provenance.dialect,
          rule_version: message.provenance.ruleVersion,
          trace_id: message.provenance.traceId,
          span_id: message.provenance.spanId,
        },
  tool_executions: message.toolExecutions.map(encodeToolExecution),
});

/** A message as one call saw or said it. */
export function encodeContextMessage(hash: string, contents: Contents): ContextMessageAnswer {
  const { role, name, parts } = contents.get(hash) ?? MISSING;
  return { role, ...(name !== undefined && { name }), parts, content_hash: hash };
}
