import { CONTENT_SOURCES, type ContentSource, type LogFact, type SpanFact } from '@colloquy/schema';

/** Content of one call after choosing between what its span and its logs say. */
export interface CallContent {
  readonly input: readonly string[];
  readonly output: readonly string[];
  /** True when the messages of `input` came in several requests and bear the same time. */
  readonly inputIsUnordered: boolean;
  readonly inputSource: ContentSource;
  readonly outputSource: ContentSource;
  /** The log records that this was read from; none where the span says it all. */
  readonly records: readonly LogFact[];
}

const rankOf = (source: ContentSource): number =>
  source === 'none' ? CONTENT_SOURCES.length : CONTENT_SOURCES.indexOf(source);

/** In the order in which they were written, as far as anything tells it. */
export const byLogOrder = (a: LogFact, b: LogFact): number => {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? -1 : 1;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.recordId < b.recordId ? -1 : 1;
};

/** Puts instructions that were given apart before the history, unless the history has them already. */
function withSystem(system: readonly string[], input: readonly string[]): readonly string[] {
  const missing = system.filter((hash) => !input.includes(hash));
  return missing.length === 0 ? input : [...missing, ...input];
}

/** Records of one request are numbered in a row; other numbers mean that several requests brought them. */
function isUnordered(ordered: readonly LogFact[]): boolean {
  return ordered.some((log, index) => {
    const next = ordered[index + 1];
    return (
      next !== undefined &&
      next.timeUnixNano === log.timeUnixNano &&
      next.sequence !== log.sequence + 1
    );
  });
}

const tells = (log: LogFact | undefined, role: string): boolean =>
  log?.eventName === `gen_ai.${role}.message`;

/**
 * Numbers of two requests may go on from one another by chance. Then the history begins in its
 * midst: with an answer, or behind the one that it ends with, or without the instructions that follow.
 */
function isTurned(ordered: readonly LogFact[]): boolean {
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === last || first?.timeUnixNano !== last?.timeUnixNano) return false;
  const hasSystem = ordered.some((log) => tells(log, 'system'));
  return (
    (hasSystem && !tells(first, 'system')) ||
    tells(first, 'assistant') ||
    tells(first, 'tool') ||
    tells(last, 'assistant')
  );
}

/** All that the logs of one span say, in the order in which they were written. */
export function contentOfLogs(logs: readonly LogFact[]): CallContent {
  const ordered = logs.toSorted(byLogOrder);
  const system = ordered.flatMap(({ systemHashes }) => systemHashes);
  const sent = ordered.filter(({ inputHashes }) => inputHashes.length > 0);
  return {
    input: withSystem(
      [...new Set(system)],
      ordered.flatMap(({ inputHashes }) => inputHashes),
    ),
    output: ordered.flatMap(({ outputHashes }) => outputHashes),
    inputIsUnordered: isUnordered(sent) || isTurned(sent),
    inputSource: 'logs',
    outputSource: 'logs',
    records: ordered,
  };
}

/** Chooses one source for input and one for output; two encodings of one call are never merged. */
export function contentOf(span: SpanFact, logs: readonly LogFact[]): CallContent {
  const fromLogs = contentOfLogs(logs);
  const logRank = rankOf('logs');
  const useLogInput = fromLogs.input.length > 0 && rankOf(span.inputSource) > logRank;
  const useLogOutput = fromLogs.output.length > 0 && rankOf(span.outputSource) > logRank;
  const input = useLogInput ? fromLogs.input : span.inputHashes;
  const hasSystem = useLogInput && logs.some(({ systemHashes }) => systemHashes.length > 0);
  return {
    input: withSystem(hasSystem ? [] : span.systemHashes, input),
    output: useLogOutput ? fromLogs.output : span.outputHashes,
    inputIsUnordered: useLogInput && fromLogs.inputIsUnordered,
    inputSource: useLogInput ? 'logs' : span.inputSource,
    outputSource: useLogOutput ? 'logs' : span.outputSource,
    records: useLogInput || useLogOutput ? fromLogs.records : [],
  };
}

/** The record of one model call in which it tells all: its instructions, history and answer, or some of them. */
export const DETAILS = 'gen_ai.client.inference.operation.details';

const bringsHistory = ({ eventName, inputHashes }: LogFact): boolean =>
  eventName === DETAILS && inputHashes.length > 0;

/** Records of several calls in one span: each that brings a history begins a call, when several do. */
function splitRecords(logs: readonly LogFact[]): readonly (readonly LogFact[])[] {
  const ordered = logs.toSorted(byLogOrder);
  const starts = ordered.flatMap((log, index) => (bringsHistory(log) ? [index] : [])).slice(1);
  return [0, ...starts].map((start, index) => ordered.slice(start, starts[index]));
}

/** The messages of a span that tells of several calls, by the counts it gives. */
function splitSpan(content: CallContent, span: SpanFact): readonly CallContent[] {
  let [input, output] = [0, 0];
  return span.inputCounts.map((inputCount, index): CallContent => {
    const outputCount = span.outputCounts[index] ?? 0;
    const part = {
      ...content,
      input: withSystem(span.systemHashes, span.inputHashes.slice(input, input + inputCount)),
      output: span.outputHashes.slice(output, output + outputCount),
    };
    input += inputCount;
    output += outputCount;
    return part;
  });
}

/** What the calls of one span saw and said, in order; nearly always it is one. */
export function contentsOf(span: SpanFact, logs: readonly LogFact[]): readonly CallContent[] {
  const content = contentOf(span, logs);
  if (content.inputSource === 'logs') {
    const groups = splitRecords(logs);
    return groups.length < 2 ? [content] : groups.map((group) => contentOf(span, group));
  }
  return span.inputCounts.length < 2 ? [content] : splitSpan(content, span);
}

/** {@link contentsOf} where the span itself has not arrived. */
export const contentsOfLogs = (logs: readonly LogFact[]): readonly CallContent[] =>
  splitRecords(logs).map(contentOfLogs);
