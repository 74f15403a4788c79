import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';
import { readContents } from '../../store/read-facts.js';
import { asStored, INDEXED_TEXT, searchText } from '../../store/search-text.js';
import { excerptOf, type SearchTerms } from '../search-terms.js';

/** Where a message stands among all, by time. */
export interface MessagePlace {
  readonly createdAt: bigint;
  readonly threadId: string;
  readonly messageId: string;
}

/** A message that has what was searched for. */
export interface FoundMessage extends MessagePlace {
  readonly role: string;
  readonly turn: number;
  readonly line: string;
  /** Its words around the first term. */
  readonly excerpt: string;
}

export interface FindMessages {
  readonly projectId: string;
  readonly terms: SearchTerms;
  /** Those of these roles; of all but the instructions where it is left out. */
  readonly roles: readonly string[] | undefined;
  /** The message that the page follows. */
  readonly after: MessagePlace | undefined;
  readonly limit: number;
}

/** Seconds that a search may take: one for a phrase of frequent words reads very many messages. */
const MAX_SECONDS = 10;
/** Messages that have frequent words are among the last ones: those since so many threads are looked at first. */
const NEWEST = [80, 800];
/** Up to here the index leads to the messages, and nothing else is read. */
const FEW = 2_000;

const isSaid = (_: string, index: number): string =>
  `positionCaseInsensitiveUTF8(message, {text${index}:String}) > 0`;

/** Conditions on a content: on words, which an index tells of, and on texts. They hold of some others too. */
function conditionsOf({ words, phrases, parts }: SearchTerms) {
  const texts = [...phrases, ...parts].map(asStored);
  return {
    ofWords: words.length > 0 ? `hasAllTokens(${INDEXED_TEXT}, {words:Array(String)})` : undefined,
    ofTexts: texts.map(isSaid),
    params: {
      ...(words.length > 0 && { words }),
      ...Object.fromEntries(texts.map((text, index) => [`text${index}`, text])),
    },
  };
}

const afterSql = (
  isAgain: boolean,
): string => `(created_at, thread_id, message_id) ${isAgain ? '<=' : '<'}
  (fromUnixTimestamp64Nano({afterNano:Int64}), {afterThread:String}, {afterMessage:UUID})`;

const OF_PROJECT = 'project_id = {projectId:String}';

/** The messages at these places of which the contents are so. @param isNarrow - few of all are at these places */
function candidatesSql(
  places: readonly string[],
  { ofWords = 'TRUE', ofTexts }: Pick<ReturnType<typeof conditionsOf>, 'ofWords' | 'ofTexts'>,
  isNarrow: boolean,
): string {
  const placed = `FROM derived_messages WHERE ${places.join(' AND ')}`;
  const among = isNarrow ? [`(shelf, content_hash) IN (SELECT shelf, content_hash ${placed})`] : [];
  return `SELECT thread_id, toString(message_id) AS id, toString(shelf) AS shelf_id, toString(content_hash) AS hash, role,
  toUnixTimestamp64Nano(created_at) AS nano
${placed} AND content_hash IN (SELECT content_hash FROM fact_contents
  PREWHERE ${[OF_PROJECT, ...among, ofWords].join(' AND ')}${ofTexts.length === 0 ? '' : ` WHERE ${ofTexts.join(' AND ')}`})
ORDER BY created_at DESC, thread_id DESC, message_id DESC
LIMIT {limit:UInt32}
SETTINGS max_execution_time = ${MAX_SECONDS}`;
}

/** When the thread was last active that is so many behind the newest before the place. Nanoseconds; undefined for none. */
async function findStart(
  client: ClickHouseClient,
  { projectId, after, threads }: Pick<FindMessages, 'projectId' | 'after'> & { threads: number },
): Promise<string | undefined> {
  const before = after && 'AND last_activity_at < fromUnixTimestamp64Nano({before:Int64})';
  const rows = await selectRows<{ nano: string }>(
    client,
    `SELECT toUnixTimestamp64Nano(last_activity_at) AS nano FROM derived_threads
     WHERE ${OF_PROJECT} ${before ?? ''} ORDER BY last_activity_at DESC LIMIT 1 OFFSET {threads:UInt32}`,
    { projectId, threads, ...(after && { before: String(after.createdAt) }) },
  );
  return rows[0]?.nano;
}

/** Whether few contents have these words. The index alone tells. */
async function areFew(
  client: ClickHouseClient,
  ofWords: string,
  params: Record<string, unknown>,
): Promise<boolean> {
  const rows = await selectRows<{ few: boolean }>(
    client,
    `SELECT count() <= ${FEW} AS few FROM (SELECT 1 FROM fact_contents WHERE ${OF_PROJECT} AND ${ofWords} LIMIT ${FEW + 1})
     SETTINGS max_execution_time = ${MAX_SECONDS}`,
    params,
  );
  return rows[0]?.few ?? true;
}

const CURRENT = `SELECT thread_id, toString(message_id) AS id, toString(content_hash) AS hash,
  toUnixTimestamp64Nano(created_at) AS nano, turn, line
FROM derived_messages FINAL
PREWHERE project_id = {projectId:String} AND thread_id IN {threadIds:Array(String)} AND message_id IN {messageIds:Array(UUID)}`;

interface Candidate {
  readonly thread_id: string;
  readonly id: string;
  readonly shelf_id: string;
  readonly hash: string;
  readonly role: string;
  readonly nano: string;
}

type Current = Pick<Candidate, 'thread_id' | 'id' | 'hash' | 'nano'> & {
  readonly turn: number;
  readonly line: string;
};

const keyOf = ({ thread_id, id, hash, nano }: Omit<Current, 'turn' | 'line'>): string =>
  [thread_id, id, hash, nano].join('/');

/** Which of these are so still and do have the terms, with what the conversation says of each. */
async function confirm(
  client: ClickHouseClient,
  { projectId, terms }: FindMessages,
  candidates: readonly Candidate[],
): Promise<readonly FoundMessage[]> {
  if (candidates.length === 0) return [];
  const distinct = (column: 'thread_id' | 'id' | 'shelf_id' | 'hash'): readonly string[] => [
    ...new Set(candidates.map((candidate) => candidate[column])),
  ];
  const [rows, { contents }] = await Promise.all([
    selectRows<Current>(client, CURRENT, {
      projectId,
      threadIds: distinct('thread_id'),
      messageIds: distinct('id'),
    }),
    readContents(client, projectId, distinct('shelf_id'), distinct('hash')),
  ]);
  const current = new Map(rows.map((row) => [keyOf(row), row]));
  return candidates.flatMap((candidate) => {
    const row = current.get(keyOf(candidate));
    const excerpt = excerptOf(searchText(contents.get(candidate.hash)?.parts ?? []), terms);
    if (row === undefined || excerpt === undefined) return [];
    const { turn, line } = row;
    return [{ ...placeOf(candidate), role: candidate.role, turn, line, excerpt }];
  });
}

const placeOf = ({ nano, thread_id, id }: Candidate): MessagePlace => ({
  createdAt: BigInt(nano),
  threadId: thread_id,
  messageId: id,
});

const isSame = (a: MessagePlace, b: MessagePlace): boolean =>
  a.createdAt === b.createdAt && a.threadId === b.threadId && a.messageId === b.messageId;

/** Since when to look, the last time `undefined`: from the newest messages on, where they may hold a page. */
async function* listStarts(
  client: ClickHouseClient,
  { projectId, after }: FindMessages,
  { ofWords, params }: ReturnType<typeof conditionsOf>,
): AsyncGenerator<string | undefined, undefined> {
  const isRare = ofWords !== undefined && (await areFew(client, ofWords, { ...params, projectId }));
  for (const threads of isRare ? [] : NEWEST) {
    const start = await findStart(client, { projectId, after, threads });
    if (start === undefined) break;
    yield start;
  }
  return undefined;
}

/** The messages that have all terms, newest first; each once, as its conversation has it now. */
export async function findMessages(
  client: ClickHouseClient,
  asked: FindMessages,
): Promise<readonly FoundMessage[]> {
  const { projectId, terms, roles, after, limit } = asked;
  const found: FoundMessage[] = [];
  const conditions = conditionsOf(terms);
  const seen = new Set<string>();
  const starts = listStarts(client, asked, conditions);
  let { value: since } = await starts.next();
  let place = after;
  // What was written twice may lie on both sides of where a read ended.
  let isAgain = false;
  for (;;) {
    const rows = await selectRows<Candidate>(
      client,
      candidatesSql(
        [
          OF_PROJECT,
          'is_deleted = 0',
          ...(place === undefined ? [] : [afterSql(isAgain)]),
          ...(since === undefined ? [] : ['created_at >= fromUnixTimestamp64Nano({since:Int64})']),
          roles === undefined ? `role != 'system'` : 'role IN {roles:Array(String)}',
        ],
        conditions,
        since !== undefined,
      ),
      {
        ...conditions.params,
        projectId,
        limit,
        ...(since !== undefined && { since }),
        ...(roles !== undefined && { roles }),
        ...(place && {
          afterNano: String(place.createdAt),
          afterThread: place.threadId,
          afterMessage: place.messageId,
        }),
      },
    );
    const fresh = rows.filter((row) => !seen.has(keyOf(row)) && seen.add(keyOf(row)));
    found.push(...(await confirm(client, asked, fresh)));
    const isDone = rows.length < limit && since === undefined;
    if (isDone || found.length >= limit) return found.slice(0, limit);
    if (rows.length < limit) ({ value: since } = await starts.next());
    const last = rows.at(-1);
    if (last === undefined) continue;
    const next = placeOf(last);
    isAgain = place === undefined || !isSame(next, place);
    place = next;
  }
}
