import type {
  ContentSource,
  GenAi,
  GenAiFact,
  ObservationKind,
  ThreadCandidate,
} from '@colloquy/schema';

interface Column {
  /** A value as the store takes it. */
  readonly encode: (value: never) => unknown;
  /** A value as the store gives it; the reverse. */
  readonly decode: (stored: never) => unknown;
}

/** '' stands for unknown: no name, model or id is empty. */
const text = {
  encode: (value: string | undefined): string => value ?? '',
  decode: (stored: string): string | undefined => (stored === '' ? undefined : stored),
} satisfies Column;

const count = {
  encode: (value: number | undefined): number | null => value ?? null,
  decode: (stored: string | number | null): number | undefined =>
    stored === null ? undefined : Number(stored),
} satisfies Column;

const list = {
  encode: (value: readonly string[]): readonly string[] => value,
  decode: (stored: readonly string[]): readonly string[] => stored,
} satisfies Column;

const counts = {
  encode: (value: readonly number[]): readonly number[] => value,
  decode: (stored: readonly (string | number)[]): readonly number[] => stored.map(Number),
} satisfies Column;

/** JSON text; '' where there is none. */
const json = {
  encode: (value: object | undefined): string => (value === undefined ? '' : JSON.stringify(value)),
  decode: (stored: string): unknown => (stored === '' ? undefined : JSON.parse(stored)),
} satisfies Column;

/** Always known: `''` and 0 stand for rows of rules that did not note it. */
const noted = {
  encode: (value: string | number): string | number => value,
  decode: (stored: string | number): string | number => stored,
} satisfies Column;

/** The scalar columns that spans and log records share, by the field they hold. */
const COLUMNS = {
  operationName: ['operation_name', text],
  providerName: ['provider_name', text],
  requestModel: ['request_model', text],
  responseModel: ['response_model', text],
  responseId: ['response_id', text],
  previousResponseId: ['previous_response_id', text],
  finishReasons: ['finish_reasons', list],
  agentName: ['agent_name', text],
  toolName: ['tool_name', text],
  toolCallId: ['tool_call_id', text],
  inputTokens: ['input_tokens', count],
  outputTokens: ['output_tokens', count],
  cacheReadInputTokens: ['cache_read_input_tokens', count],
  cacheWriteInputTokens: ['cache_write_input_tokens', count],
  reasoningOutputTokens: ['reasoning_output_tokens', count],
  reportedCostUsd: ['reported_cost_usd', count],
  timeToFirstChunk: ['time_to_first_chunk', count],
  errorType: ['error_type', text],
  messageId: ['message_id', text],
  parentMessageId: ['parent_message_id', text],
  report: ['report', json],
  userId: ['user_id', text],
  tags: ['tags', list],
  dialects: ['dialects', list],
  systemKey: ['system_key', noted],
  inputKey: ['input_key', noted],
  outputKey: ['output_key', noted],
  ruleVersion: ['rule_version', noted],
  inputCounts: ['input_counts', counts],
  outputCounts: ['output_counts', counts],
} as const satisfies Partial<Record<keyof GenAi, readonly [column: string, Column]>>;

type Scalars = Pick<GenAi, keyof typeof COLUMNS>;
const ENTRIES = Object.entries(COLUMNS) as unknown as readonly [
  keyof typeof COLUMNS,
  readonly [string, { encode: (value: unknown) => unknown; decode: (stored: unknown) => unknown }],
][];

/** A row as `JSONEachRow` has it. */
export type Row = Record<string, unknown>;

const isEmpty = (metadata: object): boolean => Object.keys(metadata).length === 0;

/** The messages of a record by their hash; the input as `history-pieces.ts` cuts it. */
export interface Hashes {
  readonly system: readonly string[];
  readonly inputPieces: readonly string[];
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** The columns of {@link encodeGenAi}, in its order. */
export const GEN_AI_COLUMNS: readonly string[] = [
  ...ENTRIES.map(([, [column]]) => column),
  'observation_kind',
  'metadata',
  'thread_candidates.thread_id',
  'thread_candidates.key',
  'thread_candidates.rank',
  'system_hashes',
  'input_pieces',
  'input_hashes',
  'output_hashes',
  'input_source',
  'output_source',
];

export const encodeGenAi = (genAi: GenAi, hashes: Hashes): readonly unknown[] => [
  ...ENTRIES.map(([field, [, { encode }]]) => encode(genAi[field])),
  genAi.kind,
  isEmpty(genAi.metadata) ? '' : JSON.stringify(genAi.metadata),
  genAi.threadCandidates.map(({ threadId }) => threadId),
  genAi.threadCandidates.map(({ key }) => key),
  genAi.threadCandidates.map(({ rank }) => rank),
  hashes.system,
  hashes.inputPieces,
  hashes.input,
  hashes.output,
  genAi.inputSource,
  genAi.outputSource,
];

/** The columns that {@link decodeGenAi} needs, for a `SELECT`; histories are to be joined in between. */
export const GEN_AI_SELECT = [
  ...ENTRIES.map(([, [column]]) => column),
  'observation_kind',
  '`thread_candidates.thread_id` AS candidate_ids',
  '`thread_candidates.key` AS candidate_keys',
  '`thread_candidates.rank` AS candidate_ranks',
  'system_hashes',
  'input_pieces',
  'input_hashes',
  'output_hashes',
  'input_source',
  'output_source',
].join(', ');

function decodeCandidates(row: Row): readonly ThreadCandidate[] {
  const ids = row['candidate_ids'] as readonly string[];
  const keys = row['candidate_keys'] as readonly string[];
  const ranks = row['candidate_ranks'] as readonly number[];
  return ids.map((threadId, index) => ({
    threadId,
    key: keys[index] ?? '',
    rank: Number(ranks[index]),
  }));
}

export function decodeGenAi(row: Row): GenAiFact {
  const scalars = ENTRIES.map(([field, [column, { decode }]]) => [field, decode(row[column])]);
  return {
    ...(Object.fromEntries(scalars) as Scalars),
    kind: row['observation_kind'] as ObservationKind,
    threadCandidates: decodeCandidates(row),
    systemHashes: row['system_hashes'] as readonly string[],
    inputHashes: row['input_hashes'] as readonly string[],
    outputHashes: row['output_hashes'] as readonly string[],
    inputSource: row['input_source'] as ContentSource,
    outputSource: row['output_source'] as ContentSource,
  };
}
