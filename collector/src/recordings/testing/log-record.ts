import type { AttributeValue, LogRecord, UnixNano } from '@colloquy/schema';

/** What a test says of a log record; the rest is empty. */
export interface SaidLog {
  readonly eventName: string;
  /** Fields of a per-message event. */
  readonly body?: Readonly<Record<string, AttributeValue>>;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Seconds. */
  readonly at: number;
  readonly sequence?: number;
}

/** A log record outside any trace, as command line tools send them. */
export function logRecord({
  eventName,
  body = {},
  attributes = {},
  at,
  sequence = 0,
}: SaidLog): LogRecord {
  const time = (1_790_000_000_000_000_000n + BigInt(at) * 1_000_000_000n) as UnixNano;
  return {
    resource: { schemaUrl: '', attributes: new Map([['service.name', 'cli']]) },
    scope: { name: 'cli', version: '', schemaUrl: '', attributes: new Map() },
    traceId: undefined,
    spanId: undefined,
    flags: 0,
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: 9,
    severityText: 'INFO',
    eventName,
    body: new Map(Object.entries(body)),
    attributes: new Map(Object.entries(attributes)),
    droppedAttributesCount: 0,
    sequence,
  };
}

/** A user's words, told alone: no history. */
export const prompt = (session: string, at: number, content: string): LogRecord =>
  logRecord({
    eventName: 'gen_ai.user.message',
    body: { content },
    attributes: { 'session.id': session },
    at,
  });

/** An answer, told alone, with what it used. */
export const answer = (session: string, at: number, content: string): LogRecord =>
  logRecord({
    eventName: 'gen_ai.choice',
    body: { message: new Map([['content', content]]), index: 0n },
    attributes: {
      'session.id': session,
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 10n,
      'gen_ai.usage.output_tokens': 2n,
    },
    at,
  });
