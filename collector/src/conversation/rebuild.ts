import type {
  Conversation,
  ConversationMessage,
  LogFact,
  SpanFact,
  ThreadFacts,
} from '@colloquy/schema';
import { isTraceId } from '../untraced-logs.js';
import { putAnswersBelow } from './answers-above.js';
import type { StoredMessage } from './call.js';
import { findLosers } from './binding.js';
import { findCalls, untracedLogs } from './calls.js';
import { byLogOrder } from './call-content.js';
import { findEvents, findUsers } from './events.js';
import { attachFeedback } from './feedback.js';
import { createTurnFinder, isFailed, isUsage, listGenerations } from './list-generations.js';
import { listMessages } from './messages.js';
import { findParentMessages } from './parent-messages.js';
import type { PriceTable } from './price-table.js';
import { RebuildMemory } from './rebuild-memory.js';
import { attachProvenance } from './provenance.js';
import { reconcile } from './reconcile.js';
import { earliest, latest, listTurns, unique } from './turns.js';
import { bySpanStart, buildSpanTrees, listNodes } from './span-tree.js';
import { attachTools } from './tool-executions.js';
import { findTracked, isTracked } from './tracked.js';

const MAX_TITLE = 200;

/** A question may be a whole file: its first words stand at its beginning. */
const MAX_READ = 4_000;

/** The first words of the user, on one line. */
function titleOf(messages: readonly ConversationMessage[]): string {
  const first = messages.find(({ line, role }) => line === 'main' && role === 'user');
  const text =
    first?.parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])).join(' ') ?? '';
  const begin = text.trimStart().slice(0, MAX_READ);
  return Array.from(begin.replaceAll(/\s+/g, ' ').trim()).slice(0, MAX_TITLE).join('');
}

/** Several traces without an id are one thread only because one goes on from the other. */
const isUnnamed = ({ threadCandidates }: SpanFact | LogFact): boolean =>
  threadCandidates.length === 0;

/** Spans that take part in a conversation; what else a trace holds (HTTP, SQL), or judges it, leaves its times alone. */
const takesPart = ({ kind }: SpanFact): boolean => kind !== 'other' && kind !== 'feedback';

interface RebuildOptions {
  /** What the last run of this thread has kept; it saves time and changes nothing. */
  readonly memory?: RebuildMemory;
  /** The project's own prices. */
  readonly prices?: PriceTable;
}

/**
 * Rebuilds one thread from its facts. Pure, and free of order: any permutation of spans and
 * logs, each of which is given once, makes the same conversation.
 *
 * @returns `undefined` when the facts hold no model call and no message: that is no thread
 */
export function rebuild(
  { threadId, contents, feedback = [], ...facts }: ThreadFacts,
  { memory = new RebuildMemory(), prices = [] }: RebuildOptions = {},
): Conversation | undefined {
  memory.learn(contents);
  const spans = facts.spans.toSorted(bySpanStart);
  const logs = facts.logs.toSorted(byLogOrder);
  const nodes = listNodes(buildSpanTrees(spans));
  const placed = putAnswersBelow(logs, spans);
  const told = placed.filter((log) => !isTracked(log));
  const calls = findCalls(nodes, told, spans, memory.messages);
  const find = (hash: string): StoredMessage => memory.messages.find(hash);
  const parentOf = findParentMessages(nodes);
  const derived = attachTools(listMessages(memory.tree.grow(calls), threadId), spans, find);
  const tracked = findTracked(spans, logs, find);
  const { messages: all, discrepancies } = reconcile(derived, tracked, threadId, parentOf);
  const messages = attachFeedback(
    attachProvenance(all, spans, placed),
    [...spans, ...feedback].toSorted(bySpanStart),
    logs,
  );
  const turns = createTurnFinder(messages);
  const untraced = untracedLogs(logs, spans);
  const generations = listGenerations(nodes, untraced, turns, parentOf, prices);
  const events = findEvents(spans, logs, turns.at);
  if (messages.length + generations.length + events.length === 0) return undefined;
  const active = spans.filter(takesPart);
  const times = [
    ...active.flatMap((span) => [span.startTimeUnixNano, span.endTimeUnixNano]),
    ...calls.flatMap((call) => [call.startTimeUnixNano, call.endTimeUnixNano]),
    ...untraced.filter(isUsage).map(({ timeUnixNano }) => timeUnixNano),
    ...events.map(({ at }) => at),
  ];
  const failedTools = active.filter((span) => span.kind === 'tool' && isFailed(span)).length;
  const traceIds = unique([...spans, ...logs].map(({ traceId }) => traceId).filter(isTraceId));
  return {
    threadId,
    isInferred: traceIds.length > 1 && [...spans, ...logs].every(isUnnamed),
    title: titleOf(messages),
    firstActivityAt: earliest(times),
    lastActivityAt: latest(times),
    traceIds,
    services: unique([...active, ...untraced].map(({ serviceName }) => serviceName)),
    models: unique(generations.map(({ model }) => model)),
    userIds: unique([...spans, ...logs].map(({ userId }) => userId)),
    users: findUsers(spans, logs),
    tags: unique([...spans, ...logs].flatMap(({ tags }) => tags)),
    messages,
    turns: listTurns(messages, generations),
    events,
    generations,
    discrepancies,
    losingCandidates: findLosers(threadId, spans, logs),
    errorCount: generations.filter(({ isError }) => isError).length + failedTools,
  };
}
