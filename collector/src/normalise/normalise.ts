import {
  CONTENT_SOURCES,
  type AttributeMap,
  type CanonicalLog,
  type CanonicalSpan,
  type ContentSource,
  type GenAi,
  type LogRecord,
  type Message,
  type ObservationKind,
  type Span,
} from '@colloquy/schema';
import { findMetadata, findTags, findUserId } from './context-keys.js';
import { detectDialects } from './detect-dialects.js';
import type { ContentRule, Dialect, Subject } from './dialect.js';
import { DIALECTS } from './dialects/index.js';
import { compileFields, type Fields } from './fields.js';
import { intern } from './intern.js';
import { lookUp } from './messages/json.js';
import { logSubject } from './log-subject.js';
import { withObjectResults } from './object-results.js';
import { asString } from './read-value.js';
import { RULE_VERSION } from './rule-version.js';
import { findThreadCandidates } from './thread-keys.js';
import { readToolContent } from './tool-content.js';

const readFields = compileFields(DIALECTS);

const sourceRank = (source: ContentSource): number => CONTENT_SOURCES.indexOf(source);

type Side = 'input' | 'output' | 'system';

interface Content {
  readonly messages: readonly Message[];
  readonly source: ContentSource;
  readonly key: string;
  readonly counts: readonly number[];
}
const NO_CONTENT: Content = { messages: [], source: 'none', key: '', counts: [] };

/** The places that hold anything, best source first. */
function* readAll(rules: readonly ContentRule[], subject: Subject): Generator<Content> {
  for (const { source, key = source, read, counts } of rules) {
    const messages = (read(subject) ?? []).map(intern);
    if (messages.length > 0) yield { messages, source, key, counts: counts?.(subject) ?? [] };
  }
}

/**
 * Reads the best place that holds anything; two encodings of one call are never merged. Numbered
 * attributes are the first to go when an SDK drops attributes: then the fullest place is best.
 */
function readContent(rules: readonly ContentRule[], subject: Subject): Content {
  if (rules.length === 0) return NO_CONTENT;
  const contents = readAll(rules, subject);
  const best = contents.next().value ?? NO_CONTENT;
  if (subject.droppedAttributesCount === 0 || best.source !== 'indexed') return best;
  return [...contents].find(({ messages }) => messages.length > best.messages.length) ?? best;
}

/** The places where these dialects keep the messages of one side, best source first. */
const rulesOf = (dialects: readonly Dialect[], side: Side): readonly ContentRule[] =>
  dialects.length === 0
    ? []
    : dialects
        .flatMap((dialect) => dialect[side] ?? [])
        .toSorted((a, b) => sourceRank(a.source) - sourceRank(b.source));

function kindOf(
  dialects: readonly Dialect[],
  { attributes, name }: Subject,
): ObservationKind | undefined {
  for (const { kinds = [], names = [] } of dialects) {
    for (const rule of kinds) {
      const value = asString(attributes.get(rule.key) ?? null);
      const kind = value === undefined ? undefined : lookUp(rule.kinds, value.toLowerCase());
      if (kind !== undefined) return kind;
    }
    const named = names.find(([pattern]) => pattern.test(name));
    if (named !== undefined) return named[1];
  }
  return undefined;
}

/**
 * A span that says nothing of its kind is a model call when it holds messages as such, or names a
 * model and shows its work.
 */
function guessKind(fields: Fields, input: Content, output: Content): ObservationKind {
  const isSaid = ({ source }: Content): boolean => source === 'messages' || source === 'events';
  if (isSaid(input) || isSaid(output)) return 'llm';
  const hasContent = input.source !== 'none' || output.source !== 'none';
  const namesModel = fields.requestModel !== undefined || fields.responseModel !== undefined;
  const showsWork =
    hasContent || fields.inputTokens !== undefined || fields.outputTokens !== undefined;
  return namesModel && showsWork ? 'llm' : 'other';
}

/** What could not be parsed gives way to log records that tell the same. */
function sourceOf({ messages, source }: Content): ContentSource {
  const isRaw = messages.every(({ parts }) => parts.every(({ type }) => type === 'raw'));
  const outranksLogs = source !== 'none' && sourceRank(source) < sourceRank('logs');
  return isRaw && outranksLogs ? 'raw' : source;
}

/** Several calls are told apart only where one place tells of what they were sent and answered. */
function countsOf(input: Content, output: Content): Pick<GenAi, 'inputCounts' | 'outputCounts'> {
  const isSplit = input.counts.length > 1 && (output.source === 'none' || output.counts.length > 1);
  return isSplit
    ? { inputCounts: input.counts, outputCounts: output.counts }
    : { inputCounts: [], outputCounts: [] };
}

/** Ids that name the previous response travel as conversation id in some stacks (Microsoft.Extensions.AI). */
function previousResponseId(fields: Fields, attributes: AttributeMap): string | undefined {
  const conversation = attributes.get('gen_ai.conversation.id');
  const isResponse = typeof conversation === 'string' && conversation.startsWith('resp_');
  return fields.previousResponseId ?? (isResponse ? conversation : undefined);
}

/** Why each answer ended, where that is told answer by answer. */
function numberedReasons(
  dialects: readonly Dialect[],
  attributes: AttributeMap,
): readonly string[] {
  const pattern = dialects.find(({ finishReasons }) => finishReasons !== undefined)?.finishReasons;
  if (pattern === undefined) return [];
  const reasons = [...attributes].flatMap(([key, value]) => {
    const number = pattern.exec(key)?.[1];
    return number === undefined || typeof value !== 'string'
      ? []
      : [[Number(number), value] as const];
  });
  return reasons.toSorted(([a], [b]) => a - b).map(([, reason]) => reason);
}

/** All input tokens, those of the cache included; what is unknown stays unknown. */
function countInput(
  dialects: readonly Dialect[],
  { inputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 }: Fields,
): number | undefined {
  if (inputTokens === undefined || !dialects.some((dialect) => dialect.countsCacheApart))
    return inputTokens;
  return inputTokens + cacheReadInputTokens + cacheWriteInputTokens;
}

function normalise(subject: Subject, resource: AttributeMap, traceId: string | undefined): GenAi {
  const { attributes } = subject;
  const dialects = detectDialects(subject);
  const fields = readFields(subject);
  const input = readContent(rulesOf(dialects, 'input'), subject);
  const output = readContent(rulesOf(dialects, 'output'), subject);
  const system = readContent(rulesOf(dialects, 'system'), subject);
  // Every field by its name: a spread of so many costs more than all that is read here.
  return {
    operationName: fields.operationName,
    providerName: fields.providerName,
    requestModel: fields.requestModel,
    responseModel: fields.responseModel,
    responseId: fields.responseId,
    previousResponseId: previousResponseId(fields, attributes),
    finishReasons:
      fields.finishReasons.length > 0
        ? fields.finishReasons
        : numberedReasons(dialects, attributes),
    agentName: fields.agentName,
    toolName: fields.toolName,
    toolCallId: fields.toolCallId,
    inputTokens: countInput(dialects, fields),
    outputTokens: fields.outputTokens,
    cacheReadInputTokens: fields.cacheReadInputTokens,
    cacheWriteInputTokens: fields.cacheWriteInputTokens,
    reasoningOutputTokens: fields.reasoningOutputTokens,
    reportedCostUsd: fields.reportedCostUsd,
    timeToFirstChunk: fields.timeToFirstChunk,
    errorType: fields.errorType,
    messageId: fields.messageId,
    parentMessageId: fields.parentMessageId,
    report: fields.report,
    dialects: dialects.map(({ name }) => name),
    kind: kindOf(dialects, subject) ?? guessKind(fields, input, output),
    userId: findUserId(attributes),
    tags: findTags(attributes),
    metadata: findMetadata(attributes),
    threadCandidates: findThreadCandidates(attributes, resource, traceId),
    systemMessages: system.messages,
    inputMessages: dialects.some((dialect) => dialect.resultsAreObjects)
      ? withObjectResults(input.messages)
      : input.messages,
    outputMessages: output.messages,
    ...countsOf(input, output),
    inputSource: sourceOf(input),
    outputSource: sourceOf(output),
    systemKey: system.key,
    inputKey: input.key,
    outputKey: output.key,
    ruleVersion: RULE_VERSION,
  };
}

const saysNothing = ({ parts }: Message): boolean =>
  parts.every((part) => part.type === 'text' && part.content === '');

/** Mastra's failed calls say so by why they ended. */
const isFailed = ({ statusCode }: Span, { finishReasons }: GenAi): boolean =>
  statusCode === 'Error' || finishReasons.includes('error');

/** A failed call has no answer; some tracers then tell of an empty one. */
const withoutEmptyAnswer = (genAi: GenAi): GenAi =>
  genAi.outputMessages.every(saysNothing)
    ? { ...genAi, outputMessages: [], outputSource: 'none' }
    : genAi;

/** Gives a span its meaning. Pure; the span itself is kept, untouched. */
export function normaliseSpan(span: Span): CanonicalSpan {
  const { name, scope, attributes, events, droppedAttributesCount, resource, traceId } = span;
  const subject: Subject = {
    name,
    scopeName: scope.name,
    startTimeUnixNano: span.startTimeUnixNano,
    attributes,
    events,
    droppedAttributesCount,
  };
  const genAi = normalise(subject, resource.attributes, traceId);
  if (genAi.kind === 'tool')
    return { span, genAi: { ...genAi, ...readToolContent(genAi, name, attributes) } };
  return { span, genAi: isFailed(span, genAi) ? withoutEmptyAnswer(genAi) : genAi };
}

const asLogKey = (key: string, { eventName }: LogRecord): string =>
  key === '' ? '' : `log:${eventName === '' ? key : eventName}`;

const asLogs = (source: ContentSource): ContentSource => (source === 'none' ? 'none' : 'logs');

/** Gives a log record its meaning; its messages count as `logs`, whatever shape they have. */
export function normaliseLog(log: LogRecord): CanonicalLog {
  const genAi = normalise(logSubject(log), log.resource.attributes, log.traceId);
  return {
    log,
    genAi: {
      ...genAi,
      inputSource: asLogs(genAi.inputSource),
      outputSource: asLogs(genAi.outputSource),
      systemKey: asLogKey(genAi.systemKey, log),
      inputKey: asLogKey(genAi.inputKey, log),
      outputKey: asLogKey(genAi.outputKey, log),
    },
  };
}
