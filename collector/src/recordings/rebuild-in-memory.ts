import type {
  Contents,
  Conversation,
  GenAi,
  GenAiFact,
  LogFact,
  Message,
  SpanFact,
} from '@colloquy/schema';
import { bindTraces } from '../conversation/binding.js';
import { joinTraces, nameThreads } from '../conversation/join-traces.js';
import { RebuildMemory } from '../conversation/rebuild-memory.js';
import { rebuild } from '../conversation/rebuild.js';
import { readHistory } from '../conversation/trace-history.js';
import { groupBy } from '../group-by.js';
import { hashContent } from '../digest.js';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { encodeLog, RecordIds, serviceName } from '../store/encode-rows.js';
import { isTraceId, traceKeyOf } from '../untraced-logs.js';
import type { RecordedRequest } from './load-recording.js';

/** The store in a few lines: facts by their keys, so that copies collapse as they do there. */
class MemoryFacts {
  readonly spans = new Map<string, SpanFact>();
  readonly logs = new Map<string, LogFact>();
  readonly contents = new Map<string, Message>();

  #keep(genAi: GenAi): GenAiFact {
    const { systemMessages, inputMessages, outputMessages, metadata: _, ...rest } = genAi;
    const hashAll = (messages: readonly Message[]): readonly string[] =>
      messages.map((message) => {
        const hash = hashContent(message);
        this.contents.set(hash, message);
        return hash;
      });
    return {
      ...rest,
      systemHashes: hashAll(systemMessages),
      inputHashes: hashAll(inputMessages),
      outputHashes: hashAll(outputMessages),
    };
  }

  add({ spans, logs }: RecordedRequest): void {
    for (const span of spans) {
      const { genAi } = normaliseSpan(span);
      this.spans.set(`${span.traceId}/${span.spanId}`, {
        ...span,
        ...this.#keep(genAi),
        serviceName: serviceName(span),
        linkedTraceIds: span.links.map(({ traceId }) => traceId),
      });
    }
    const ids = new RecordIds();
    for (const log of logs) {
      const canonical = normaliseLog(log);
      const fact = this.#keep(canonical.genAi);
      const hashes = {
        system: fact.systemHashes,
        inputPieces: [],
        input: fact.inputHashes,
        output: fact.outputHashes,
      };
      const row = encodeLog(
        canonical,
        { hashes, shelves: [] },
        { projectId: 'default', receivedAt: '' },
        ids,
      );
      const recordId = String(row['record_id']);
      const sequence = Math.max(log.sequence, this.logs.get(recordId)?.sequence ?? 0);
      this.logs.set(recordId, {
        ...fact,
        recordId,
        sequence,
        traceId: traceKeyOf(canonical),
        spanId: log.spanId ?? '',
        eventName: log.eventName,
        timeUnixNano: log.timeUnixNano,
        serviceName: String(row['service_name']),
      });
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
export function rebuildInMemory(
  requests: readonly RecordedRequest[],
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

/** The main line as plain messages. */
export const mainLine = ({ messages }: Conversation): readonly Message[] =>
  messages
    .filter(({ line }) => line === 'main')
    .map(({ role, parts, name }) => ({ role, parts, ...(name !== undefined && { name }) }));
