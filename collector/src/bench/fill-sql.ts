import { MAX_TURNS, turnsSql, type PricedModel } from './fill-plan.js';
import { VOCABULARY_SIZE } from './fill-words.js';

/** What all statements of one fill share. */
export interface FillContext {
  /** See `scaleOf`. */
  readonly scale: number;
  readonly models: readonly PricedModel[];
  readonly languages: number;
  readonly threads: number;
  /** Nanoseconds since 1970 when the first thread and the last one begin. */
  readonly from: bigint;
  readonly to: bigint;
}

export interface ThreadRange {
  readonly first: number;
  readonly count: number;
}

export const PROJECT = 'default';
/** Systems prompts that the threads share. */
const PROMPTS = 40;
const PROMPT_WORDS = 120;
const TAGS = ['billing', 'shipping', 'returns', 'vip', 'trial', 'mobile', 'web', 'escalated'];
const SERVICES = ['support-chat', 'shop-assistant', 'mail-bot'];
/** Milliseconds from 1970 to 2020, with which versions begin; see `versionOf`. */
const VERSION_EPOCH_MS = Date.UTC(2020, 0, 1);

/** `digest()` of a text. */
const digestSql = (text: string): string =>
  `toUUID(UUIDNumToString(toFixedString(substring(SHA256(${text}), 1, 16), 16)))`;
/** From 0 to 1, the same for the same arguments. */
const share = (...of: readonly string[]): string =>
  `((cityHash64(${of.join(', ')}) + 1) / 18446744073709551616.)`;
/** An index below `size` by Zipf's law, from 0. */
const zipf = (size: number | string, ...of: readonly string[]): string =>
  `(toUInt32(exp(log(${size}) * ${share(...of)})) - 1)`;
const listSql = (texts: readonly (string | number)[]): string =>
  `[${texts.map((text) => (typeof text === 'string' ? `'${text}'` : text)).join(', ')}]`;
const pick = (texts: readonly (string | number)[], index: string): string =>
  `${listSql(texts)}[${index} + 1]`;

/** Words of a text: most of the time a few dozen, now and then hundreds. */
const WORDS = `(14 + toUInt32(285 * pow(${share("'length'", 't', 'position')}, 3)))`;
const wordSql = (language: string, ...of: readonly string[]): string =>
  `words[${language} * ${VOCABULARY_SIZE} + ${zipf(VOCABULARY_SIZE, ...of)} + 1]`;
const sentencesSql = (count: string, language: string, ...of: readonly string[]): string =>
  `arrayStringConcat(arrayMap(i -> concat(${wordSql(language, ...of, 'i')},
    multiIf(i % 61 = 60, '.\\n\\n', i % 11 = 10, '. ', i % 17 = 16, ', ', ' ')), range(${count})))`;

/** One text in five names something that is named nowhere else. */
const TEXT = `concat(${sentencesSql(WORDS, 'language', "'word'", 't', 'position')},
  if(cityHash64('order', t, position) % 5 = 0, concat('order ', lower(hex(cityHash64('order', t, position)))), ${wordSql('language', "'last'", 't', 'position')}), '.')`;
const PROMPT = `concat(${sentencesSql(String(PROMPT_WORDS), `(prompt % 4)`, "'prompt'", 'prompt')}, 'prompt ', toString(prompt), '.')`;

/** What draws the threads, one row each. */
const threadsSql = ({ scale, models, languages, threads, from, to }: FillContext): string => `SELECT
  number AS t,
  concat('thread-', lower(hex(MD5(concat('thread/', toString(t)))))) AS thread_id,
  ${turnsSql(scale, share("'turns'", 't'))} AS turns,
  toUInt32(cityHash64('language', t) % ${languages}) AS language,
  toUInt32(t % ${PROMPTS}) AS prompt,
  concat('user-', toString(${zipf(Math.ceil(threads / 10) + 1, "'user'", 't')})) AS user_id,
  toUInt32(${zipf(models.length + 1, "'model'", 't')} % ${models.length}) AS model,
  ${pick(SERVICES, `cityHash64('service', t) % ${SERVICES.length}`)} AS service,
  arraySort(arrayDistinct(arrayMap(i -> ${listSql(TAGS)}[cityHash64('tag', t, i) % ${TAGS.length} + 1], range(1 + cityHash64('tags', t) % 3)))) AS tags,
  toInt64(${from} + toInt64(t * ${(to - from) / BigInt(threads)}) + cityHash64('jitter', t) % 60000000000) AS started`;

/** Roles by position: the instructions, then question and answer by turns. */
const ROLE = `if(position = 0, 'system', if(position % 2 = 1, 'user', 'assistant'))`;

const messageSql = (role: string, text: string): string =>
  `concat('{"role":"', ${role}, '","parts":[{"type":"text","content":', toJSONString(${text}), '}]}')`;

const WITH_WORDS = 'WITH (SELECT words FROM bench.vocabulary) AS words';

const traceIdSql = (i: string): string =>
  `lower(hex(MD5(concat('trace/', toString(t), '/', toString(${i})))))`;
const spanIdSql = (i: string): string =>
  `substring(lower(hex(MD5(concat('span/', toString(t), '/', toString(${i}))))), 1, 16)`;
const SECOND = '1000000000';
const startSql = (i: string): string =>
  `(started + (${i} - 1) * 90 * ${SECOND} + toInt64(cityHash64('start', t, ${i}) % (60 * ${SECOND})))`;
const endSql = (i: string): string =>
  `(${startSql(i)} + 500000000 + toInt64(cityHash64('end', t, ${i}) % (8 * ${SECOND})))`;
const timeSql = (nano: string): string => `fromUnixTimestamp64Nano(toInt64(${nano}), 'UTC')`;
/** A call is received when it has ended. */
const receivedMs = (i: string): string => `intDiv(toInt64(${endSql(i)}), 1000000)`;
const receivedAt = (i: string): string =>
  `fromUnixTimestamp64Milli(toInt64(${receivedMs(i)}), 'UTC')`;
const versionSql = (count: string, ms: string): string =>
  `bitShiftLeft(toUInt64(${count}), 40) + toUInt64(${ms} - ${VERSION_EPOCH_MS})`;

/** Prompts with the shelf of the thread that was the first to be given each. */
export const PROMPTS_SQL = (context: FillContext): string => `${WITH_WORDS}
SELECT prompt, ${PROMPT} AS text, ${messageSql("'system'", 'text')} AS message,
  ${digestSql('message')} AS content_hash,
  ${digestSql(messageSql("'user'", TEXT))} AS shelf
FROM (SELECT *, 1 AS position FROM (${threadsSql(context)} FROM numbers(${PROMPTS})))`;

export const THREADS_SQL = (context: FillContext, { first, count }: ThreadRange): string =>
  `${threadsSql(context)} FROM numbers(${first}, ${count})`;

/** Every message of these threads, with its content. */
export const MESSAGES_SQL = `${WITH_WORDS},
  (SELECT groupArray(text) FROM (SELECT text FROM bench.prompts ORDER BY prompt)) AS prompts
SELECT t, position, ${ROLE} AS role,
  if(position = 0, prompts[prompt + 1], ${TEXT}) AS text,
  ${messageSql('role', 'text')} AS message,
  ${digestSql('message')} AS content_hash,
  toUInt32(ceil(lengthUTF8(text) / 4)) AS tokens
FROM bench.threads ARRAY JOIN range(2 * turns + 1) AS position`;

/** The last byte of a hash ends a piece below this; see `cutHistory`. */
const ENDS_PIECE = `'08'`;

const columnSql = (column: string): string =>
  `arrayMap(pair -> pair.2, arraySort(groupArray((position, ${column}))))`;

/** One row for each thread, with what is known of all its messages. */
export const LINES_SQL = `SELECT *,
  arrayFilter(at -> substring(toString(hashes[at]), 35) < ${ENDS_PIECE}, range(1, length(hashes))) AS ends,
  arrayMap((at, n) -> arraySlice(hashes, if(n = 1, 1, ends[n - 1] + 1), at - if(n = 1, 0, ends[n - 1])), ends, arrayEnumerate(ends)) AS pieces,
  arrayMap(piece -> ${digestSql("arrayStringConcat(arrayMap(hash -> toString(hash), piece), ',')")}, pieces) AS piece_hashes,
  hashes[2] AS shelf,
  arrayCumSum(tokens) AS summed_tokens,
  arrayFold((ids, key) -> arrayPushBack(ids, ${digestSql("concat(toString(ids[-1]), '/', toString(key))")}), arraySlice(keys, 2), [${digestSql('thread_id')}]) AS node_ids
FROM bench.threads INNER JOIN (
  SELECT t, ${columnSql('content_hash')} AS hashes,
    ${columnSql(digestSql(`concat(role, '|text:', text)`))} AS keys, ${columnSql('tokens')} AS tokens,
    substringUTF8(replaceRegexpAll(anyIf(text, position = 1), '\\\\s+', ' '), 1, 200) AS title
  FROM bench.messages GROUP BY t
) AS said USING (t)
INNER JOIN (SELECT prompt, shelf AS prompt_shelf FROM bench.prompts) AS prompts USING (prompt)`;

/** The attribute that re-sends a history, with its texts folded into references, for any length. */
function foldedHistories(): { readonly text: string; readonly ends: readonly number[] } {
  let text = '[';
  const ends: number[] = [];
  for (let index = 0; index <= 2 * MAX_TURNS; index += 1) {
    const role = index === 0 ? 'system' : index % 2 === 1 ? 'user' : 'assistant';
    text += `${index === 0 ? '' : ','}{"role":"${role}","parts":[{"type":"text","content":"\uE0001ji${index}.0\uE001"}]}`;
    ends.push(Buffer.byteLength(text));
  }
  return { text, ends };
}

/** The same attribute as an answer alone. */
const FOLDED_ANSWER =
  '[{"role":"assistant","parts":[{"type":"text","content":"\uE0001jo0.0\uE001"}]}]';

const calls = `FROM bench.lines ARRAY JOIN range(1, turns + 1) AS i`;

/** Columns of calls that several tables tell. */
function callColumns(models: readonly PricedModel[]) {
  const of = (field: 'provider' | 'request' | 'response'): string =>
    pick(
      models.map((model) => model[field]),
      'model',
    );
  return {
    model: of('response'),
    request: of('request'),
    provider: of('provider'),
    name: `concat('chat ', ${of('request')})`,
    inputTokens: 'summed_tokens[2 * i]',
    outputTokens: 'tokens[2 * i + 1]',
    responseId: `concat('chatcmpl-', substring(${traceIdSql('i')}, 1, 24))`,
    input: pick(
      models.map(({ input }) => input),
      'model',
    ),
    output: pick(
      models.map(({ output }) => output),
      'model',
    ),
    source: pick(
      models.map(({ source }) => source),
      'model',
    ),
  };
}

type Statement = readonly [table: string, select: string];

function spansSql({ models }: FillContext): Statement {
  const call = callColumns(models);
  const { text, ends } = foldedHistories();
  const tagsJson = 'toJSONString(tags)';
  return [
    'fact_spans',
    `WITH '${text}' AS folded, ${listSql(ends)} AS folded_ends,
  arrayCount(at -> at <= 2 * i, ends) AS piece_count
SELECT '${PROJECT}' AS project_id, ${traceIdSql('i')} AS trace_id, ${spanIdSql('i')} AS span_id, 1 AS flags,
  ${call.name} AS name, 'Client' AS kind, ${timeSql(startSql('i'))} AS start_time, ${timeSql(endSql('i'))} AS end_time,
  'Unset' AS status_code, service AS service_name, 'bench' AS scope_name, '1.0.0' AS scope_version,
  map('service.name', service, 'service.version', '1.4.2', 'deployment.environment.name', 'production') AS resource_attributes,
  map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', ${call.provider}, 'gen_ai.conversation.id', thread_id,
    'user.id', user_id, 'colloquy.thread.tags', ${tagsJson}, 'gen_ai.request.model', ${call.request},
    'gen_ai.response.model', ${call.model}, 'gen_ai.response.id', ${call.responseId}, 'gen_ai.response.finish_reasons', '["stop"]',
    'gen_ai.usage.input_tokens', toString(${call.inputTokens}), 'gen_ai.usage.output_tokens', toString(${call.outputTokens}),
    'gen_ai.input.messages', concat(substring(folded, 1, folded_ends[2 * i]), ']'), 'gen_ai.output.messages', '${FOLDED_ANSWER}',
    'server.address', 'api.example.com', 'server.port', '443') AS attributes,
  map('/colloquy.thread.tags', 'json', '/gen_ai.response.finish_reasons', 'json', '/gen_ai.usage.input_tokens', 'int',
    '/gen_ai.usage.output_tokens', 'int', '/server.port', 'int') AS attribute_types,
  'chat' AS operation_name, ${call.provider} AS provider_name, ${call.request} AS request_model, ${call.model} AS response_model,
  ${call.responseId} AS response_id, ['stop'] AS finish_reasons,
  ${call.inputTokens} AS input_tokens, ${call.outputTokens} AS output_tokens, user_id, tags, ['colloquy', 'otel-genai'] AS dialects,
  'gen_ai.input.messages' AS input_key, 'gen_ai.output.messages' AS output_key, {ruleVersion:UInt16} AS rule_version,
  'llm' AS observation_kind, [thread_id] AS \`thread_candidates.thread_id\`,
  ['gen_ai.conversation.id'] AS \`thread_candidates.key\`, [3] AS \`thread_candidates.rank\`,
  arraySlice(piece_hashes, 1, piece_count) AS input_pieces,
  arraySlice(hashes, if(piece_count = 0, 0, ends[piece_count]) + 1, 2 * i - if(piece_count = 0, 0, ends[piece_count])) AS input_hashes,
  [hashes[2 * i + 1]] AS output_hashes, 'messages' AS input_source, 'messages' AS output_source,
  arrayDistinct([prompt_shelf, shelf]) AS content_shelves,
  ${receivedAt('i')} AS received_at, toUInt64(${endSql('i')}) AS version
${calls}`,
  ];
}

const FACTS: readonly Statement[] = [
  [
    'fact_contents',
    `SELECT '${PROJECT}' AS project_id, lines.shelf AS shelf, content_hash, role, message,
  ${receivedAt('greatest(1, intDiv(position, 2) + if(position % 2 = 1, 1, 0))')} AS seen_at
FROM bench.messages AS said INNER JOIN (SELECT t, shelf, prompt_shelf, started FROM bench.lines) AS lines USING (t)
WHERE position > 0 OR shelf = prompt_shelf`,
  ],
  [
    'fact_histories',
    `SELECT '${PROJECT}' AS project_id, shelf, piece.1 AS piece_hash, piece.2 AS content_hashes,
  ${receivedAt('(intDiv(piece.3, 2) + piece.3 % 2)')} AS seen_at
FROM bench.lines ARRAY JOIN arrayZip(piece_hashes, pieces, ends) AS piece
WHERE (intDiv(piece.3, 2) + piece.3 % 2) <= turns`,
  ],
  [
    'fact_thread_candidates',
    `SELECT '${PROJECT}' AS project_id, candidate AS thread_id, trace_id, received_at
FROM (SELECT thread_id AS own_id, ${traceIdSql('i')} AS trace_id, ${receivedAt('i')} AS received_at ${calls})
ARRAY JOIN [own_id, trace_id] AS candidate`,
  ],
];

const THREAD_VERSION = versionSql('turns', receivedMs('turns'));

const sumSql = (values: string): string => `arraySum(i -> ${values}, range(1, turns + 1))`;

function derivedSql({ models }: FillContext): readonly Statement[] {
  const call = callColumns(models);
  const cost = `${call.inputTokens} * ${call.input} + ${call.outputTokens} * ${call.output}`;
  const at = `if(position = 0, 1, intDiv(position + 1, 2))`;
  const messages = `SELECT t, '${PROJECT}' AS project_id, thread_id,
  if(position = 0, ${digestSql(`concat(thread_id, '/system/0/', toString(hashes[1]), '/', ${spanIdSql('1')})`)}, node_ids[position + 1]) AS message_id,
  position, ${at} AS turn, 'main' AS line, ${ROLE} AS role, 'derived' AS source,
  ${timeSql(`if(position > 0 AND position % 2 = 0, ${endSql(at)}, ${startSql(at)})`)} AS created_at,
  ${traceIdSql(at)} AS trace_id, ${spanIdSql(at)} AS span_id, if(position = 0, prompt_shelf, shelf) AS shelf,
  hashes[position + 1] AS content_hash, ${THREAD_VERSION} AS version
FROM bench.lines ARRAY JOIN range(2 * turns + 1) AS position`;
  return [
    [
      'derived_threads',
      `SELECT '${PROJECT}' AS project_id, thread_id, title, ${timeSql(startSql('1'))} AS first_activity_at,
  ${timeSql(endSql('turns'))} AS last_activity_at, 2 * turns + 1 AS message_count, turns AS turn_count, turns AS trace_count,
  turns AS generation_count, [service] AS services, [${call.model}] AS models, [user_id] AS user_ids, tags,
  ${sumSql(call.inputTokens)} AS input_tokens, ${sumSql(call.outputTokens)} AS output_tokens, ${sumSql(cost)} AS cost_usd,
  fromUnixTimestamp64Milli(${receivedMs('turns')} + 250, 'UTC') AS rebuilt_at, ${THREAD_VERSION} AS version
FROM bench.lines`,
    ],
    ['derived_messages', `SELECT * EXCEPT (t) FROM (${messages})`],
    [
      'derived_generations',
      `SELECT '${PROJECT}' AS project_id, thread_id, ${traceIdSql('i')} AS trace_id, ${spanIdSql('i')} AS span_id, i AS turn,
  ${call.name} AS name, 'chat' AS operation_name, ${call.provider} AS provider_name, ${call.model} AS model, user_id,
  'colloquy' AS dialect, ${timeSql(startSql('i'))} AS start_time, ${timeSql(endSql('i'))} AS end_time,
  ${call.inputTokens} AS input_tokens, ${call.outputTokens} AS output_tokens, ${cost} AS cost_usd, ${call.source} AS price_source,
  ${THREAD_VERSION} AS version
${calls}`,
    ],
    [
      'derived_traces',
      `SELECT '${PROJECT}' AS project_id, ${traceIdSql('i')} AS trace_id, thread_id, ${versionSql('1', receivedMs('i'))} AS version
${calls}`,
    ],
  ];
}

/** What is inserted for the threads in `bench.lines`, by table: facts first. */
export const insertsOf = (context: FillContext): readonly Statement[] => [
  ...FACTS,
  spansSql(context),
  ...derivedSql(context),
];
