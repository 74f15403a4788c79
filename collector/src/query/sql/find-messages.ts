import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../../store/client.js';
import type { SearchTerms } from '../search-terms.js';

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
const EXCERPT_BEFORE = 80;
const EXCERPT = 240;

/** The index is of this expression. */
const TEXT = 'lowerUTF8(text)';

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** A condition for each term, with its parameters. */
function conditionsOf({ words, phrases, parts }: SearchTerms) {
  const params: Record<string, unknown> = {};
  const bind = (name: string, type: string, value: unknown): string => {
    params[name] = value;
    return `{${name}:${type}}`;
  };
  const conditions = [
    ...(words.length > 0
      ? [`hasAllTokens(${TEXT}, ${bind('words', 'Array(String)', words)})`]
      : []),
    ...parts.map(
      (part, index) => `${TEXT} LIKE ${bind(`part${index}`, 'String', `%${escapeLike(part)}%`)}`,
    ),
    ...phrases.map(
      (phrase, index) => `position(${TEXT}, ${bind(`phrase${index}`, 'String', phrase)}) > 0`,
    ),
  ];
  return { conditions, params };
}

const afterSql = (
  isAgain: boolean,
): string => `(created_at, thread_id, message_id) ${isAgain ? '<=' : '<'}
  (fromUnixTimestamp64Nano({afterNano:Int64}), {afterThread:String}, {afterMessage:UUID})`;

/** Newest first, so that reading ends with the page; `LIMIT BY` would have it read on to the first message. */
function candidatesSql(conditions: readonly string[]): string {
  return `SELECT thread_id, toString(message_id) AS id, toString(content_hash) AS hash, role,
  toUnixTimestamp64Nano(created_at) AS nano,
  substringUTF8(text, greatest(1, positionUTF8(${TEXT}, {first:String}) - ${EXCERPT_BEFORE}), ${EXCERPT}) AS excerpt
FROM derived_search
WHERE ${conditions.join('\n  AND ')}
ORDER BY created_at DESC, thread_id DESC, message_id DESC
LIMIT {limit:UInt32}
SETTINGS max_execution_time = ${MAX_SECONDS}`;
}

const CURRENT = `SELECT thread_id, toString(message_id) AS id, toString(content_hash) AS hash,
  toUnixTimestamp64Nano(created_at) AS nano, turn, line
FROM derived_messages FINAL
PREWHERE project_id = {projectId:String} AND thread_id IN {threadIds:Array(String)} AND message_id IN {messageIds:Array(UUID)}`;

interface Candidate {
  readonly thread_id: string;
  readonly id: string;
  readonly hash: string;
  readonly role: string;
  readonly nano: string;
  readonly excerpt: string;
}

type Current = Pick<Candidate, 'thread_id' | 'id' | 'hash' | 'nano'> & {
  readonly turn: number;
  readonly line: string;
};

const keyOf = ({ thread_id, id, hash, nano }: Omit<Current, 'turn' | 'line'>): string =>
  [thread_id, id, hash, nano].join('/');

/** Which of these are so still, with what the conversation says of each. */
async function confirm(
  client: ClickHouseClient,
  projectId: string,
  candidates: readonly Candidate[],
): Promise<readonly FoundMessage[]> {
  if (candidates.length === 0) return [];
  const rows = await selectRows<Current>(client, CURRENT, {
    projectId,
    threadIds: [...new Set(candidates.map(({ thread_id }) => thread_id))],
    messageIds: [...new Set(candidates.map(({ id }) => id))],
  });
  const current = new Map(rows.map((row) => [keyOf(row), row]));
  return candidates.flatMap((candidate) => {
    const row = current.get(keyOf(candidate));
    if (row === undefined) return [];
    const { turn, line } = row;
    const { role, excerpt } = candidate;
    return [{ ...placeOf(candidate), role, turn, line, excerpt }];
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
  { projectId, terms, roles, after, limit }: FindMessages,
): Promise<readonly FoundMessage[]> {
  const found: FoundMessage[] = [];
  const { conditions, params } = conditionsOf(terms);
  const [first = ''] = [...terms.phrases, ...terms.words, ...terms.parts];
  const seen = new Set<string>();
  let place = after;
  // What was written twice may lie on both sides of where a read ended.
  let isAgain = false;
  for (;;) {
    const rows = await selectRows<Candidate>(
      client,
      candidatesSql([
        'project_id = {projectId:String}',
        ...(place === undefined ? [] : [afterSql(isAgain)]),
        roles === undefined ? `role != 'system'` : 'role IN {roles:Array(String)}',
        ...conditions,
      ]),
      {
        ...params,
        projectId,
        first,
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
    found.push(...(await confirm(client, projectId, fresh)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit || found.length >= limit)
      return found.slice(0, limit);
    const next = placeOf(last);
    isAgain = place === undefined || !isSame(next, place);
    place = next;
  }
}
