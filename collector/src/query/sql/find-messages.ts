import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';
import { readContents } from '../../store/read-facts.js';
import { asIndexed, INDEXED_TEXT as TEXT, searchText } from '../../store/search-text.js';
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
/** Messages that have frequent words are among the last ones; so many of those are looked at first. */
const NEWEST = 4_000;
/** Up to here the index leads to the messages, and nothing else is read. */
const FEW = 2_000;

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** A condition on a content for each term, with its parameters. What holds them may hold them by chance. */
function conditionsOf({ words, phrases, parts }: SearchTerms) {
  const params: Record<string, unknown> = {};
  const bind = (name: string, type: string, value: unknown): string => {
    params[name] = value;
    return `{${name}:${type}}`;
  };
  const ofWords =
    words.length > 0
      ? `hasAllTokens(${TEXT}, ${bind('words', 'Array(String)', words)})`
      : undefined;
  const conditions = [
    ...(ofWords === undefined ? [] : [ofWords]),
    ...parts.map(
      (part, index) => `${TEXT} LIKE ${bind(`part${index}`, 'String', `%${escapeLike(part)}%`)}`,
    ),
    ...phrases.map(
      (phrase, index) =>
        `position(${TEXT}, ${bind(`phrase${index}`, 'String', asIndexed(phrase))}) > 0`,
    ),
  ];
  return { ofWords, conditions, params };
}

const afterSql = (
  isAgain: boolean,
): string => `(created_at, thread_id, message_id) ${isAgain ? '<=' : '<'}
  (fromUnixTimestamp64Nano({afterNano:Int64}), {afterThread:String}, {afterMessage:UUID})`;

const ORDER = 'ORDER BY created_at DESC, thread_id DESC, message_id DESC';
const OF_PROJECT = 'project_id = {projectId:String}';

/** Newest first, so that reading ends with the page; `LIMIT BY` would have it read on to the first message. */
function candidatesSql(
  places: readonly string[],
  contents: readonly string[],
  isNewest: boolean,
): string {
  const rows = (columns: string) =>
    `SELECT ${columns} FROM derived_messages WHERE ${places.join(' AND ')}`;
  const columns = 'thread_id, message_id, shelf, content_hash, role, created_at';
  const newest = `(${rows(columns)} ${ORDER} LIMIT ${NEWEST})`;
  const said = isNewest
    ? [...contents, `(shelf, content_hash) IN (SELECT shelf, content_hash FROM ${newest})`]
    : contents;
  return `SELECT thread_id, toString(message_id) AS id, toString(shelf) AS shelf_id, toString(content_hash) AS hash, role,
  toUnixTimestamp64Nano(created_at) AS nano
FROM ${isNewest ? newest : `(${rows(columns)})`}
WHERE content_hash IN (SELECT content_hash FROM fact_contents WHERE ${said.join(' AND ')})
${ORDER}
LIMIT {limit:UInt32}
SETTINGS max_execution_time = ${MAX_SECONDS}`;
}

/** Whether few contents have these words. The index alone tells. */
async function areFew(
  client: ClickHouseClient,
  ofWords: string,
  params: Record<string, unknown>,
): Promise<boolean> {
  const rows = await selectRows<{ few: boolean }>(
    client,
    `SELECT count() <= ${FEW} AS few FROM (SELECT 1 FROM fact_contents WHERE ${OF_PROJECT} AND ${ofWords} LIMIT ${FEW + 1})`,
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

/** The messages that have all terms, newest first; each once, as its conversation has it now. */
export async function findMessages(
  client: ClickHouseClient,
  asked: FindMessages,
): Promise<readonly FoundMessage[]> {
  const { projectId, terms, roles, after, limit } = asked;
  const found: FoundMessage[] = [];
  const { ofWords, conditions, params } = conditionsOf(terms);
  const seen = new Set<string>();
  let place = after;
  // What was written twice may lie on both sides of where a read ended.
  let isAgain = false;
  let isNewest =
    ofWords === undefined || !(await areFew(client, ofWords, { ...params, projectId }));
  for (;;) {
    const rows = await selectRows<Candidate>(
      client,
      candidatesSql(
        [
          OF_PROJECT,
          'is_deleted = 0',
          ...(place === undefined ? [] : [afterSql(isAgain)]),
          roles === undefined ? `role != 'system'` : 'role IN {roles:Array(String)}',
        ],
        [OF_PROJECT, ...conditions],
        isNewest,
      ),
      {
        ...params,
        projectId,
        limit,
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
    if (found.length >= limit) return found.slice(0, limit);
    const last = rows.at(-1);
    if (rows.length < limit) {
      if (!isNewest) return found;
      isNewest = false;
    }
    if (last === undefined) continue;
    const next = placeOf(last);
    isAgain = place === undefined || !isSame(next, place);
    place = next;
  }
}
