import type { AttributeMap, AttributeValue, LogRecord } from '@colloquy/schema';
import type { Subject } from './dialect.js';
import { asJson, fromJson } from './read-value.js';

const NO_ATTRIBUTES: AttributeMap = new Map();

/** The body of a per-message event: a map, or (Semantic Kernel for Python) the JSON text of one. */
function bodyFields(body: AttributeValue): AttributeMap {
  const value = typeof body === 'string' ? fromJson(asJson(body)) : body;
  return value instanceof Map ? (value as AttributeMap) : NO_ATTRIBUTES;
}

/** The name under which rules find a body of AWS's distribution; there the record is named after its scope. */
export const AGENTCORE_BODY = 'bedrock-agentcore.body';

const holdsMessages = (value: AttributeValue | undefined): boolean =>
  value instanceof Map && value.has('messages');

const isAgentCore = (fields: AttributeMap): boolean =>
  holdsMessages(fields.get('input')) || holdsMessages(fields.get('output'));

/**
 * Shows a log record as a span with one event, so that the same rules read both. The older
 * per-message events keep their fields in the body, the newer ones in the attributes.
 */
export function logSubject(log: LogRecord): Subject {
  const { eventName, attributes, body, scope, droppedAttributesCount } = log;
  const fields = bodyFields(body);
  // Rust's tracing names every event after its line of code; what the app calls it is an attribute.
  const named = attributes.get('event.name');
  const given = typeof named === 'string' ? named : eventName;
  const name = isAgentCore(fields) ? AGENTCORE_BODY : given;
  return {
    name,
    scopeName: scope.name,
    attributes,
    droppedAttributesCount,
    events: name === '' ? [] : [{ name, attributes: fields.size > 0 ? fields : attributes }],
  };
}
