import type { ClickHouseClient } from '@clickhouse/client';
import type { DeadLetterAnswer } from '@colloquy/schema';
import { digest } from '../digest.js';
import type { Frame } from '../spool/frame.js';
import { selectRows } from './client.js';
import { formatMillis } from './time.js';
import { insertRows } from './write-facts.js';

/** All of the request, where no single item is to blame. */
export const WHOLE = -1;

/** An accepted request of which some items could not be stored. */
export interface DeadRequest {
  readonly frame: Frame;
  /** Places of these items among the well-formed ones of the request; {@link WHOLE} for all of them. */
  readonly refused: readonly { readonly place: number; readonly reason: string }[];
}

/** Keeps it for somebody to look at. Kept twice it is the same. @throws what ClickHouse answers */
export async function buryRequest(
  client: ClickHouseClient,
  { frame, refused }: DeadRequest,
): Promise<void> {
  const body = frame.body.toString('base64');
  const row = {
    project_id: frame.projectId,
    letter_id: digest(JSON.stringify([frame.signal, frame.encoding, frame.receivedAt, body])),
    received_at: formatMillis(frame.receivedAt),
    signal: frame.signal,
    encoding: frame.encoding,
    body,
    places: refused.map(({ place }) => place),
    reasons: refused.map(({ reason }) => reason),
    state: 'waiting',
    // It waits again, whenever it is noted that it was replayed.
    version: frame.replay === undefined ? frame.receivedAt : frame.replay.version + 1,
  };
  await insertRows(client, new Map([['dead_letters', [row]]]));
}

type State = DeadLetterAnswer['state'];

/** A dead letter without its body. */
export interface DeadLetter {
  readonly letterId: string;
  /** Microseconds since 1970. */
  readonly receivedMicros: bigint;
  readonly signal: Frame['signal'];
  readonly encoding: Frame['encoding'];
  readonly state: State;
  readonly version: number;
  /** How many items could not be stored. */
  readonly refused: number;
  /** The first of them; of one letter that was asked for, all. */
  readonly items: DeadRequest['refused'];
  /** Bytes of the body. */
  readonly bytes: number;
}

/** A place in a list: the letters behind it are older. */
interface LetterPlace {
  readonly receivedMicros: string;
  readonly letterId: string;
}

/** Refused items that a list tells of each letter. */
const LISTED_ITEMS = 20;

interface LetterRow {
  readonly letter_id: string;
  readonly received_micros: string;
  readonly signal: Frame['signal'];
  readonly encoding: Frame['encoding'];
  readonly state: State;
  readonly version: string;
  readonly refused: string;
  readonly places: readonly number[];
  readonly reasons: readonly string[];
}

const columns = (items: number): string => `letter_id, signal, encoding, state, version,
  toUnixTimestamp64Micro(received_at) AS received_micros, length(dead_letters.places) AS refused,
  arraySlice(dead_letters.places, 1, ${items}) AS places, arraySlice(dead_letters.reasons, 1, ${items}) AS reasons`;

const LIST = `SELECT ${columns(LISTED_ITEMS)} FROM dead_letters FINAL
WHERE project_id = {projectId:String} AND ({state:String} = '' OR state = {state:String})
  AND ({letterId:String} = '' OR (received_micros, letter_id) < ({receivedMicros:Int64}, {letterId:String}))
ORDER BY received_micros DESC, letter_id DESC LIMIT {limit:UInt32}`;

// Bodies are read for those of a page alone.
const BYTES = `SELECT letter_id, intDiv(length(body), 4) * 3 - countSubstrings(right(body, 2), '=') AS bytes
FROM dead_letters FINAL WHERE project_id = {projectId:String} AND letter_id IN {letterIds:Array(String)}`;

const FIND = `SELECT ${columns(2 ** 31)}, body FROM dead_letters FINAL
WHERE project_id = {projectId:String} AND letter_id = {letterId:String}`;

const WAITING_IDS = `SELECT letter_id FROM dead_letters FINAL
WHERE project_id = {projectId:String} AND state = 'waiting' AND letter_id > {after:String}
ORDER BY letter_id LIMIT {limit:UInt32}`;

const CHANGE = `INSERT INTO dead_letters SELECT * REPLACE ('' AS body, {state:String} AS state, {version:UInt64} AS version)
FROM (SELECT * FROM dead_letters FINAL WHERE project_id = {projectId:String} AND letter_id = {letterId:String} AND version < {version:UInt64})`;

const FORGET = `ALTER TABLE dead_letters DELETE WHERE project_id = {projectId:String}
AND letter_id = {letterId:String} AND body != '' AND version < {version:UInt64} SETTINGS mutations_sync = 2`;

const readRow = (row: LetterRow, bytes: number): DeadLetter => ({
  letterId: row.letter_id,
  receivedMicros: BigInt(row.received_micros),
  signal: row.signal,
  encoding: row.encoding,
  state: row.state,
  version: Number(row.version),
  refused: Number(row.refused),
  items: row.places.map((place, index) => ({ place, reason: row.reasons[index] ?? '' })),
  bytes,
});

export interface LetterQuery {
  readonly projectId: string;
  /** Any unless given. */
  readonly state?: State | undefined;
  readonly after?: LetterPlace | undefined;
  readonly limit: number;
}

/** The dead letters of a project, the newest first. */
export async function listLetters(
  client: ClickHouseClient,
  { projectId, state = '' as State, after, limit }: LetterQuery,
): Promise<readonly DeadLetter[]> {
  const { receivedMicros = '0', letterId = '' } = after ?? {};
  const params = { projectId, state, receivedMicros, letterId, limit };
  const rows = await selectRows<LetterRow>(client, LIST, params);
  const letterIds = rows.map(({ letter_id }) => letter_id);
  const sizes = await selectRows<{ letter_id: string; bytes: string }>(client, BYTES, {
    projectId,
    letterIds,
  });
  const bytesOf = new Map(sizes.map(({ letter_id, bytes }) => [letter_id, Number(bytes)]));
  return rows.map((row) => readRow(row, bytesOf.get(row.letter_id) ?? 0));
}

/** One dead letter with the request that it was. */
export async function findLetter(
  client: ClickHouseClient,
  projectId: string,
  letterId: string,
): Promise<{ readonly letter: DeadLetter; readonly body: Buffer } | undefined> {
  const [row] = await selectRows<LetterRow & { readonly body: string }>(client, FIND, {
    projectId,
    letterId,
  });
  if (row === undefined) return undefined;
  const body = Buffer.from(row.body, 'base64');
  return { letter: readRow(row, body.length), body };
}

/** Ids of letters that wait, in their order, behind `after`. */
export async function findWaiting(
  client: ClickHouseClient,
  { projectId, after, limit }: { projectId: string; after: string; limit: number },
): Promise<readonly string[]> {
  const rows = await selectRows<{ letter_id: string }>(client, WAITING_IDS, {
    projectId,
    after,
    limit,
  });
  return rows.map(({ letter_id }) => letter_id);
}

/** Letters that wait, of all projects. */
export async function countWaiting(
  client: ClickHouseClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, { readonly count: number }>> {
  const result = await client.query({
    query: `SELECT project_id, count() AS count FROM dead_letters FINAL WHERE state = 'waiting' GROUP BY project_id ORDER BY project_id`,
    format: 'JSONEachRow',
    abort_signal: signal,
  });
  const rows = await result.json<{ project_id: string; count: string }>();
  return new Map(rows.map(({ project_id, count }) => [project_id, { count: Number(count) }]));
}

export interface LetterChange {
  readonly projectId: string;
  readonly letterId: string;
  readonly state: 'replayed' | 'dropped';
  /** Above that of the letter. */
  readonly version: number;
}

/** Notes what became of a letter, which then has no body any more. */
export async function closeLetter(client: ClickHouseClient, change: LetterChange): Promise<void> {
  await client.command({ query: CHANGE, query_params: { ...change } });
}

/** Takes the body of a closed letter from the disk too, as soon as ClickHouse has rewritten its files. */
export async function forgetBody(client: ClickHouseClient, change: LetterChange): Promise<void> {
  await client.command({ query: FORGET, query_params: { ...change } });
}
