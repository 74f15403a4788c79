import type { ConversationMessage, Feedback, Json, LogFact, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { byTime } from './by-time.js';

interface Judgement {
  readonly messageId: string;
  readonly userId: string;
  readonly at: bigint;
  readonly values: Readonly<Record<string, Json>> | null;
}

type Teller = Pick<SpanFact, 'kind' | 'messageId' | 'userId' | 'report'>;

function read({ kind, messageId, userId = '', report }: Teller, at: bigint): readonly Judgement[] {
  if (kind !== 'feedback' || messageId === undefined || report?.feedback === undefined) return [];
  return [{ messageId, userId, at, values: report.feedback }];
}

/** The last word on each key; `null` takes it back. */
function lastWords(userId: string, judgements: readonly Judgement[]): readonly Feedback[] {
  const values = new Map<string, Json>();
  let at = 0n;
  for (const { values: said, at: time } of judgements.toSorted(byTime)) {
    at = time;
    if (said === null) values.clear();
    for (const [key, value] of Object.entries(said ?? {}))
      if (value === null) values.delete(key);
      else values.set(key, value);
  }
  return values.size === 0 ? [] : [{ userId, values: Object.fromEntries(values), at }];
}

/**
 * Adds to each message what users think of it, told by its tracked id or by the one that the API gives
 * it. @param spans, logs - in order, which decides at equal times
 */
export function attachFeedback(
  messages: readonly ConversationMessage[],
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
): readonly ConversationMessage[] {
  const judgements = [
    ...spans.flatMap((span) => read(span, span.startTimeUnixNano)),
    ...logs.flatMap((log) => read(log, log.timeUnixNano)),
  ];
  if (judgements.length === 0) return messages;
  const byMessage = groupBy(judgements, ({ messageId }) => messageId);
  return messages.map((message) => {
    const own = [message.trackedId, message.messageId].flatMap(
      (id) => byMessage.get(id ?? '') ?? [],
    );
    const byUser = groupBy(own, ({ userId }) => userId);
    const feedback = [...byUser].flatMap(([userId, said]) => lastWords(userId, said));
    return { ...message, feedback: feedback.toSorted(byTime) };
  });
}
