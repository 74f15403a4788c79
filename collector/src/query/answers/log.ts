import type { Contents, LogAnswer } from '@colloquy/schema';
import { isTraceId } from '../../untraced-logs.js';
import { formatTime } from '../format-time.js';
import type { StoredLog } from '../sql/read-logs.js';
import { encodeMeaning } from './meaning.js';
import { StoredAttributes } from './stored-attributes.js';

/** A log record with everything that arrived. @param contents - those of its own messages at least */
export function encodeLog({ fact, row }: StoredLog, contents: Contents): LogAnswer {
  const attributes = new StoredAttributes(fact, row, contents);
  // The body's type is noted as that of an attribute without a name.
  const { '': body = null } = attributes.folded({ '': row['body'] }, 'body');
  return {
    record_id: fact.recordId,
    trace_id: isTraceId(fact.traceId) ? fact.traceId : null,
    span_id: fact.spanId === '' ? null : fact.spanId,
    time: formatTime(fact.timeUnixNano),
    observed_time: formatTime(BigInt(row['observed_nano'] as string)),
    sequence: fact.sequence,
    flags: Number(row['flags']),
    severity_number: Number(row['severity_number']),
    severity_text: row['severity_text'] as string,
    event_name: fact.eventName,
    body,
    ...attributes.common(),
    dropped_attributes_count: Number(row['dropped_attributes_count']),
    ...encodeMeaning(fact, row['metadata'] as string),
  };
}
