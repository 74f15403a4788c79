import type { Contents, Conversation, LogFact, Message, SpanFact } from '@colloquy/schema';
import { bindTraces } from '../conversation/binding.js';
import { joinTraces, nameThreads } from '../conversation/join-traces.js';
import { RebuildMemory } from '../conversation/rebuild-memory.js';
import { rebuild } from '../conversation/rebuild.js';
import { readHistory } from '../conversation/trace-history.js';
import { groupBy } from '../group-by.js';
import { RecordIds } from '../store/encode-rows.js';
import { isTraceId } from '../untraced-logs.js';
import type { RecordedRequest } from './load-recording.js';
import { readRequest, type ReadRequest } from './read-request.js';

/** The store in a few lines: facts by their keys, so that copies collapse as they do there. */
class MemoryFacts {
  readonly spans = new Map<string, SpanFact>();
  readonly logs = new Map<string, LogFact>();
  readonly contents = new Map<string, Message>();

  add({ spans, logs }: ReadRequest): void {
    for (const { contents } of [...spans, ...logs])
      for (const [hash, message] of contents) this.contents.set(hash, message);
    for (const { fact } of spans) this.spans.set(`${fact.traceId}/${fact.spanId}`, fact);
    const ids = new RecordIds();
    for (const { key, fact, sequence: place } of logs) {
      const recordId = ids.next(key);
      const sequence = Math.max(place, this.logs.get(recordId)?.sequence ?? 0);
      this.logs.set(recordId, { ...fact, recordId, sequence });
    }
  }
}

/** The thread of each trace, where that takes a look at others. */
function joinAll(
  spans: readonly SpanFact[],
  logs: readonly LogFact[],
  contents: Contents,
): ReadonlyMap<string, string> {
  const spansOf = groupBy(spans, ({ traceId }) => traceId);
  const logsOf = groupBy(logs, ({ traceId }) => traceId);
  const traceIds = [...new Set([...spansOf.keys(), ...logsOf.keys()])].filter(isTraceId);
  const histories = traceIds.flatMap(
    (id) => readHistory(id, spansOf.get(id) ?? [], logsOf.get(id) ?? [], contents) ?? [],
  );
  return nameThreads(joinTraces(histories));
}

/**
 * Every thread that the requests give, as the store would rebuild it.
 *
 * @param memoryOf - what earlier runs have kept of a thread
 */
export function rebuildRead(
  requests: readonly ReadRequest[],
  {
    inferThreads = true,
    memoryOf = (_threadId: string): RebuildMemory => new RebuildMemory(),
  } = {},
): readonly Conversation[] {
  const facts = new MemoryFacts();
  for (const request of requests) facts.add(request);
  const spans = [...facts.spans.values()];
  const logs = [...facts.logs.values()];
  const contents: Contents = facts.contents;
  const threadOf = bindTraces(
    spans,
    logs,
    inferThreads ? joinAll(spans, logs, contents) : new Map(),
  );
  return [...new Set(threadOf.values())].toSorted().flatMap((threadId) => {
    const isOwn = ({ traceId }: { readonly traceId: string }): boolean =>
      threadOf.get(traceId) === threadId;
    const own = { threadId, spans: spans.filter(isOwn), logs: logs.filter(isOwn), contents };
    return rebuild(own, { memory: memoryOf(threadId) }) ?? [];
  });
}

/** {@link rebuildRead} of requests as the receivers hand them on. */
export const rebuildInMemory = (
  requests: readonly RecordedRequest[],
  options?: Parameters<typeof rebuildRead>[1],
): readonly Conversation[] => rebuildRead(requests.map(readRequest), options);

/** The main line as plain messages. */
export const mainLine = ({ messages }: Conversation): readonly Message[] =>
  messages
    .filter(({ line }) => line === 'main')
    .map(({ role, parts, name }) => ({ role, parts, ...(name !== undefined && { name }) }));
