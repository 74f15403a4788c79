import type {
  Contents,
  ContextMessageAnswer,
  ConversationMessage,
  MessageAnswer,
} from '@colloquy/schema';
import { MISSING } from '../../conversation/message-memory.js';
import { formatTime } from '../format-time.js';

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
  trace_id: message.traceId,
  span_id: message.spanId,
  history_gap: message.historyGap,
  is_summary: message.isSummary,
});

/** A message as one call saw or said it. */
export function encodeContextMessage(hash: string, contents: Contents): ContextMessageAnswer {
  const { role, name, parts } = contents.get(hash) ?? MISSING;
  return { role, ...(name !== undefined && { name }), parts, content_hash: hash };
}
