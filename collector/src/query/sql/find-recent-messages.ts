import type { ClickHouseClient } from '@clickhouse/client';
import type { Part } from '@colloquy/schema';
import { selectRows } from '../../store/client.js';
import { readContents } from '../../store/read-facts.js';

/** A message as it was said, and where. */
export interface RecentMessage {
  readonly threadId: string;
  readonly messageId: string;
  readonly role: string;
  readonly parts: readonly Part[];
}

interface MessageRow {
  readonly thread_id: string;
  readonly message_id: string;
  readonly role: string;
  readonly shelf: string;
  readonly content_hash: string;
}

/** The newest messages are in the threads that were last active; so not all of a project are sorted. */
const RECENT = `SELECT thread_id, toString(message_id) AS message_id, role,
  toString(shelf) AS shelf, toString(content_hash) AS content_hash
FROM derived_messages FINAL
WHERE project_id = {projectId:String} AND thread_id IN (
  SELECT thread_id FROM derived_threads FINAL
  WHERE project_id = {projectId:String}
  ORDER BY last_activity_at DESC LIMIT {limit:UInt32}
)
ORDER BY created_at DESC, thread_id, position DESC
LIMIT {limit:UInt32}`;

/** The newest messages of a project. */
export async function findRecentMessages(
  client: ClickHouseClient,
  { projectId, limit }: { readonly projectId: string; readonly limit: number },
): Promise<readonly RecentMessage[]> {
  const rows = await selectRows<MessageRow>(client, RECENT, { projectId, limit });
  const shelves = [...new Set(rows.map(({ shelf }) => shelf))];
  const hashes = [...new Set(rows.map(({ content_hash }) => content_hash))];
  const { contents } = await readContents(client, projectId, shelves, hashes);
  return rows.map(({ thread_id, message_id, role, content_hash }) => ({
    threadId: thread_id,
    messageId: message_id,
    role,
    parts: contents.get(content_hash)?.parts ?? [],
  }));
}
