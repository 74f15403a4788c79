import type { ConversationMessage, Json, Part, SpanFact, ToolExecution } from '@colloquy/schema';
import { digest } from '../digest.js';
import { groupBy } from '../group-by.js';
import type { StoredMessage } from './call.js';
import { atomsOf } from './identity.js';
import { bySpanStart } from './span-tree.js';

type Find = (hash: string) => StoredMessage;
type ToolCall = Extract<Part, { type: 'tool_call' }>;

/** The spans of tools, each to be given to one call: by the call's id, else by name and order in its trace. */
class ToolSpans {
  readonly #byId: ReadonlyMap<string, readonly SpanFact[]>;
  readonly #byName: ReadonlyMap<string, readonly SpanFact[]>;
  readonly #taken = new Set<SpanFact>();

  constructor(spans: readonly SpanFact[]) {
    this.#byId = groupBy(spans, ({ toolCallId }) => toolCallId ?? '');
    this.#byName = groupBy(spans, (span) => `${span.traceId}/${nameOf(span)}`);
  }

  take(call: ToolCall, { traceId, createdAt }: ConversationMessage): SpanFact | undefined {
    const isFree = (span: SpanFact): boolean => !this.#taken.has(span);
    const own = call.id === undefined ? [] : (this.#byId.get(call.id) ?? []);
    const named = this.#byName.get(`${traceId}/${call.name}`) ?? [];
    const found =
      own.find((span) => isFree(span) && span.traceId === traceId) ??
      own.find(isFree) ??
      named.find(
        (span) => isFree(span) && span.endTimeUnixNano >= createdAt && !isOther(span, call),
      );
    if (found !== undefined) this.#taken.add(found);
    return found;
  }
}

const nameOf = ({ toolName, name }: SpanFact): string => toolName ?? name;

/** True where both name their call and not the same one. */
const isOther = ({ toolCallId }: SpanFact, { id }: ToolCall): boolean =>
  toolCallId !== undefined && id !== undefined && toolCallId !== id;

const isEmpty = (value: Json | undefined): boolean =>
  value == null ||
  value === '' ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

function argumentsOf({ inputHashes: [hash] }: SpanFact, find: Find): Json | undefined {
  const part = hash === undefined ? undefined : find(hash).message.parts[0];
  if (part?.type === 'tool_call') return part.arguments;
  return part?.type === 'raw' ? part.content : undefined;
}

function createExecution(span: SpanFact, part: number, call: ToolCall, find: Find): ToolExecution {
  return {
    part,
    traceId: span.traceId,
    spanId: span.spanId,
    name: nameOf(span),
    startedAt: span.startTimeUnixNano,
    endedAt: span.endTimeUnixNano,
    isError: span.statusCode === 'Error' || span.errorType !== undefined,
    errorType: span.errorType,
    arguments: isEmpty(call.arguments) ? argumentsOf(span, find) : undefined,
  };
}

/** What the message that a tool's span gives says, where no history shows its result. */
function resultOf(
  message: ConversationMessage,
  span: SpanFact,
  find: Find,
): ConversationMessage | undefined {
  const hash = span.outputHashes[0];
  const stored = hash === undefined ? undefined : find(hash).message;
  if (hash === undefined || stored?.role !== 'tool') return undefined;
  return {
    ...message,
    messageId: digest(`${message.messageId}/result/${span.traceId}/${span.spanId}`),
    role: 'tool',
    name: undefined,
    parts: stored.parts,
    contentHash: hash,
    createdAt: span.endTimeUnixNano,
    traceId: span.traceId,
    spanId: span.spanId,
    historyGap: false,
    toolExecutions: [],
  };
}

const isNameOnly = ({ parts: [part, other] }: ConversationMessage): boolean =>
  part?.type === 'tool_call_response' && part.id === undefined && other === undefined;

/** A result that a history tells without the id of its call, as the span of its tool tells it. */
function asRun(
  results: readonly ConversationMessage[],
  span: SpanFact,
  find: Find,
): readonly [ConversationMessage, ConversationMessage] | undefined {
  for (const result of results.filter(isNameOnly)) {
    const told = resultOf(result, span, find);
    if (told === undefined || isNameOnly(told)) continue;
    if (String(atomsOf(told)) === String(atomsOf(result)))
      return [result, { ...told, messageId: result.messageId }];
  }
  return undefined;
}

/** A message and the results that stand right behind it. */
function withResults(
  messages: readonly ConversationMessage[],
  index: number,
): readonly ConversationMessage[] {
  const message = messages[index];
  let end = index + 1;
  while (messages[end]?.role === 'tool' && messages[end]?.branch === message?.branch) end += 1;
  return messages.slice(index, end);
}

const resultsIn = (messages: readonly ConversationMessage[]): readonly Part[] =>
  messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool_call_response'));

const isAnswered = (call: ToolCall, place: number, results: readonly Part[]): boolean =>
  results.some(
    (part) => part.type === 'tool_call_response' && call.id !== undefined && part.id === call.id,
  ) ||
  results.some((part, index) => !('id' in part) && index === place) ||
  isToldTogether(results);

/** One text that names neither a call nor a tool answers all the calls before it. */
const isToldTogether = (results: readonly Part[]): boolean =>
  results.length === 1 &&
  results.every(
    (part) =>
      part.type === 'tool_call_response' &&
      part.id === undefined &&
      part.name === undefined &&
      typeof part.response === 'string',
  );

/**
 * Adds to each message that calls tools how they were run, and after it the results that no
 * history shows: of a last call, or of calls that never send a history. Those that a history shows
 * without the id of their call get it from the run.
 */
export function attachTools(
  messages: readonly ConversationMessage[],
  spans: readonly SpanFact[],
  find: Find,
): readonly ConversationMessage[] {
  const tools = spans.filter(({ kind }) => kind === 'tool').toSorted(bySpanStart);
  if (tools.length === 0) return messages;
  const free = new ToolSpans(tools);
  const firstHand = new Map<ConversationMessage, ConversationMessage>();
  return messages.flatMap((message, index) => {
    if (message.role !== 'assistant') return [firstHand.get(message) ?? message];
    const calls = message.parts.flatMap((part, place) =>
      part.type === 'tool_call' ? [{ call: part, place }] : [],
    );
    const results = calls.length === 0 ? [] : withResults(messages, index);
    const runs = calls.flatMap(({ call, place }, order) => {
      const span = free.take(call, message);
      return span === undefined ? [] : [{ call, place, order, span }];
    });
    const executions = runs.map(({ span, place, call }) =>
      createExecution(span, place, call, find),
    );
    for (const { span } of runs) {
      const open = results.filter((result) => !firstHand.has(result));
      const [told, run] = asRun(open, span, find) ?? [];
      if (told !== undefined && run !== undefined) firstHand.set(told, run);
    }
    const missing = runs.filter(({ call, order }) => !isAnswered(call, order, resultsIn(results)));
    return [
      { ...message, toolExecutions: executions },
      ...missing.flatMap(({ span }) => resultOf(message, span, find) ?? []),
    ];
  });
}
