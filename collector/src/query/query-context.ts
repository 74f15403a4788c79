import type { ClickHouseClient } from '@clickhouse/client';
import type { Conversation } from '@colloquy/schema';
import type { PriceTable } from '../conversation/price-table.js';
import { ColloquyError } from '../errors.js';
import type { loadThreads } from '../thread-loader.js';

/** What every route needs. */
export interface QueryContext {
  readonly client: ClickHouseClient;
  readonly loadThreads: typeof loadThreads;
  /** Whether traces without an id are joined to what they go on from. */
  readonly inferThreads: boolean;
  /** The project's own prices. */
  readonly prices: PriceTable;
  /** Which project a request may read. */
  readonly projectOf: (request: Request) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The project that is read where nothing says otherwise. */
export const projectOfRequest = (_request: Request): string => 'default';

/**
 * One thread as its facts give it now.
 * @throws ColloquyError `NOT_FOUND`
 */
export async function loadConversation(
  { client, loadThreads: load, inferThreads, prices }: QueryContext,
  projectId: string,
  threadId: string,
): Promise<Conversation> {
  const threads = await load(client, projectId, [threadId], { inferThreads, prices });
  const conversation = threads.find((thread) => thread.threadId === threadId)?.conversation;
  if (conversation === undefined)
    throw new ColloquyError('NOT_FOUND', 'There is no thread with this id.');
  return conversation;
}
