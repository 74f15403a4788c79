import type { LogFact, SpanFact } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import { isTraceId } from '../untraced-logs.js';
import { isTracked } from './tracked.js';

const isAnswer = (log: LogFact): boolean =>
  isTraceId(log.traceId) && log.outputHashes.length > 0 && !isTracked(log);

const keyOf = ({ traceId }: SpanFact | LogFact, spanId = ''): string => `${traceId}/${spanId}`;

const keysOf = (logs: readonly LogFact[]): ReadonlySet<string> =>
  new Set(logs.map((log) => keyOf(log, log.spanId)));

/**
 * Puts records of answers into the calls that gave them. When a stream ends, its call is no longer the
 * current span, so some tracers write the answer in the span above. It is that of the call below which
 * ran at that time and tells what it was sent and no answer; where several did, nobody can tell.
 */
export function putAnswersBelow(
  logs: readonly LogFact[],
  spans: readonly SpanFact[],
): readonly LogFact[] {
  const answers = logs.filter(isAnswer);
  if (answers.length === 0) return logs;
  const answered = keysOf(answers);
  const asked = keysOf(logs.filter(({ inputHashes }) => inputHashes.length > 0));
  const isUnanswered = (span: SpanFact): boolean => {
    const key = keyOf(span, span.spanId);
    const isAsked = span.inputHashes.length > 0 || asked.has(key);
    return span.kind === 'llm' && isAsked && span.outputHashes.length === 0 && !answered.has(key);
  };
  const calls = groupBy(spans.filter(isUnanswered), (span) => keyOf(span, span.parentSpanId));
  if (calls.size === 0) return logs;
  return logs.map((log) => {
    const { timeUnixNano: time } = log;
    const key = keyOf(log, log.spanId);
    // Where a span is told both sides, it is the call.
    if (!isAnswer(log) || asked.has(key)) return log;
    const [call, other] = (calls.get(key) ?? []).filter(
      ({ startTimeUnixNano, endTimeUnixNano }) =>
        startTimeUnixNano <= time && time <= endTimeUnixNano,
    );
    return call === undefined || other !== undefined ? log : { ...log, spanId: call.spanId };
  });
}
