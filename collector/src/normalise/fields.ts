import type { AttributeValue, GenAi } from '@colloquy/schema';
import type { Dialect, FieldName, Subject } from './dialect.js';
import { asCount, asNumber, asString, asStrings } from './read-value.js';

/** How the value of each field is read, whichever attribute holds it. */
const READERS = {
  operationName: asString,
  providerName: asString,
  requestModel: asString,
  responseModel: asString,
  responseId: asString,
  previousResponseId: asString,
  finishReasons: asStrings,
  agentName: asString,
  toolName: asString,
  toolCallId: asString,
  inputTokens: asCount,
  outputTokens: asCount,
  cacheReadInputTokens: asCount,
  cacheWriteInputTokens: asCount,
  reasoningOutputTokens: asCount,
  reportedCostUsd: asNumber,
  timeToFirstChunk: asNumber,
  errorType: asString,
  messageId: asString,
  parentMessageId: asString,
  report: () => undefined,
} as const satisfies Record<FieldName, (value: AttributeValue) => unknown>;

export type Fields = Pick<GenAi, FieldName>;

const FIELD_NAMES = Object.keys(READERS) as readonly FieldName[];

/** Written out: a literal is copied many times faster than an object that was put together. */
const NO_FIELDS: Fields = {
  operationName: undefined,
  providerName: undefined,
  requestModel: undefined,
  responseModel: undefined,
  responseId: undefined,
  previousResponseId: undefined,
  finishReasons: [],
  agentName: undefined,
  toolName: undefined,
  toolCallId: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cacheReadInputTokens: undefined,
  cacheWriteInputTokens: undefined,
  reasoningOutputTokens: undefined,
  reportedCostUsd: undefined,
  timeToFirstChunk: undefined,
  errorType: undefined,
  messageId: undefined,
  parentMessageId: undefined,
  report: undefined,
};

interface Hit {
  readonly field: FieldName;
  /** Lower wins. */
  readonly priority: number;
  readonly read: (value: AttributeValue, subject: Subject) => unknown;
}

/** Turns the tables of all dialects into one look-up by attribute key. */
function compileHits(dialects: readonly Dialect[]): ReadonlyMap<string, readonly Hit[]> {
  const hits = new Map<string, Hit[]>();
  for (const field of FIELD_NAMES) {
    const keys = dialects.flatMap((dialect) => dialect.fields?.[field] ?? []);
    for (const [priority, entry] of keys.entries()) {
      const { key, read } =
        typeof entry === 'string' ? { key: entry, read: READERS[field] } : entry;
      hits.set(key, [...(hits.get(key) ?? []), { field, priority, read }]);
    }
  }
  return hits;
}

/**
 * Makes the reader of all scalar fields. It passes over the attributes once, so its cost grows
 * with the span and not with the number of dialects.
 */
export function compileFields(dialects: readonly Dialect[]): (subject: Subject) => Fields {
  const hits = compileHits(dialects);
  return (subject) => {
    const found: Fields = { ...NO_FIELDS };
    const priorities = new Map<FieldName, number>();
    for (const [key, value] of subject.attributes) {
      for (const { field, priority, read } of hits.get(key) ?? []) {
        if (priority >= (priorities.get(field) ?? Infinity)) continue;
        const result = read(value, subject);
        if (result === undefined) continue;
        (found as Record<FieldName, unknown>)[field] = result;
        priorities.set(field, priority);
      }
    }
    return found;
  };
}
