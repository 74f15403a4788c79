import type { ClickHouseClient } from '@clickhouse/client';
import { encodeCursor } from '../query/cursor.js';
import { selectRows } from '../store/client.js';
import { PROJECT } from './fill-sql.js';

/** What to ask a filled store for. */
export interface FillSamples {
  readonly messages: number;
  readonly threads: number;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Threads of about 200 messages. */
  readonly longThreads: readonly string[];
  /** Cursors all over the list. */
  readonly cursors: readonly string[];
  /** Words that one message has. */
  readonly rareWords: readonly string[];
  /** Some words that stand side by side in a message. */
  readonly phrases: readonly string[];
}

const SAMPLES = 60;

const COUNTS = `SELECT toUInt32(count()) AS threads, toUInt32(sum(message_count)) AS messages,
  (SELECT toUInt64(sum(bytes_on_disk)) FROM system.parts WHERE active AND database = currentDatabase()) AS bytes
FROM derived_threads FINAL WHERE project_id = {project:String}`;

const LONG = `SELECT thread_id FROM derived_threads FINAL
WHERE project_id = {project:String} AND message_count BETWEEN 195 AND 205 ORDER BY cityHash64(thread_id) LIMIT ${SAMPLES}`;

const PLACES = `SELECT thread_id, toUnixTimestamp64Nano(last_activity_at) AS nano FROM derived_threads FINAL
WHERE project_id = {project:String} ORDER BY cityHash64(thread_id) LIMIT ${SAMPLES}`;

/** Messages of some shelf here and there; none of the project's is drawn twice. */
const TEXTS = `SELECT extract(message, 'order ([0-9a-f]{12,16})') AS rare,
  extract(message, ' ([a-z]+ [a-z]+ [a-z]+)[ .,]') AS phrase
FROM fact_contents WHERE project_id = {project:String} AND role != 'system' AND rare != '' AND phrase != '' LIMIT 1 BY shelf LIMIT ${SAMPLES}`;

export async function readSamples(client: ClickHouseClient): Promise<FillSamples> {
  const ask = <T>(query: string): Promise<readonly T[]> =>
    selectRows<T>(client, query, { project: PROJECT });
  const [counts] = await ask<{ threads: number; messages: number; bytes: string }>(COUNTS);
  const long = await ask<{ thread_id: string }>(LONG);
  const places = await ask<{ thread_id: string; nano: string }>(PLACES);
  const texts = await ask<{ rare: string; phrase: string }>(TEXTS);
  return {
    messages: counts?.messages ?? 0,
    threads: counts?.threads ?? 0,
    bytes: Number(counts?.bytes ?? 0),
    longThreads: long.map(({ thread_id }) => thread_id),
    cursors: places.map(({ thread_id, nano }) =>
      encodeCursor({ last_activity_at: nano, thread_id }),
    ),
    rareWords: texts.map(({ rare }) => rare),
    phrases: texts.map(({ phrase }) => phrase),
  };
}
