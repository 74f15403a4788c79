import {
  SpanStatusCode,
  type Attributes,
  type SpanKind,
  type SpanStatus,
} from '@opentelemetry/api';
import { ATTRIBUTES, OPEN_PREFIXES } from './attributes.js';
import { OPERATIONS } from './operations.js';

/** What is looked at; the SDK's `ReadableSpan` fits. */
export interface CheckedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly instrumentationScope: { readonly name: string };
}

function* attributeFaults(attributes: Attributes): Generator<string> {
  for (const [key, value] of Object.entries(attributes)) {
    if (OPEN_PREFIXES.some((prefix) => key.startsWith(prefix))) continue;
    const shape = ATTRIBUTES[key];
    if (shape === undefined) yield `${key} is no name of the conventions, nor of ours`;
    for (const { path, message } of shape?.safeParse(value).error?.issues ?? [])
      yield `${[key, ...path].join('.')}: ${message}`;
  }
}

function* operationFaults({ name, kind, attributes }: CheckedSpan): Generator<string> {
  const called = attributes['gen_ai.operation.name'];
  if (called === undefined) {
    if (attributes['colloquy.span.kind'] === undefined) yield 'gen_ai.operation.name is missing';
    return;
  }
  const operation = OPERATIONS[String(called)];
  if (operation === undefined) {
    yield `${String(called)} is no operation of the conventions`;
    return;
  }
  if (!operation.kinds.includes(kind)) yield `a span of ${String(called)} has the kind ${kind}`;
  for (const key of operation.required)
    if (attributes[key] === undefined) yield `${key} is missing`;
  const subject = attributes[operation.named];
  const expected = subject === undefined ? called : `${String(called)} ${String(subject)}`;
  if (name !== expected) yield `the name is "${name}", not "${String(expected)}"`;
}

/** Spans of other people's instrumentations are theirs. */
const isOurs = ({ instrumentationScope: { name } }: CheckedSpan): boolean =>
  name.startsWith('@colloquy/');

/** What about a span of ours is not as the GenAI semantic conventions have it; nothing for one that is right. */
export function checkSpan(span: CheckedSpan): readonly string[] {
  if (!isOurs(span)) return [];
  const isFailed = span.status.code === SpanStatusCode.ERROR;
  const hasType = span.attributes['error.type'] !== undefined;
  return [
    ...attributeFaults(span.attributes),
    ...operationFaults(span),
    ...(isFailed && !hasType ? ['error.type is missing'] : []),
    ...(hasType && !isFailed ? ['the status is no error'] : []),
  ];
}
