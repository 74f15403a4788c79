import { threadDetailShape, threadListShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { summarise } from '../../thread-summary.js';
import {
  encodeEvent,
  encodeGeneration,
  encodeLosingCandidate,
  encodeThread,
  encodeTurn,
} from '../answers/thread.js';
import { decodeCursor, encodeCursor, isNano } from '../cursor.js';
import { loadConversation, type QueryContext } from '../query-context.js';
import { findThreadPage, type ThreadPlace } from '../sql/find-thread-page.js';
import { readThreads } from '../sql/read-threads.js';
import { pageQuery, threadParams } from './parameters.js';
import { responsesOf } from './responses.js';

const LIST = createRoute({
  method: 'get',
  path: '/threads',
  summary: 'Lists threads, newest activity first',
  request: { query: pageQuery({ max: 200, usual: 50 }) },
  responses: responsesOf('A page of threads.', threadListShape),
});

const GET = createRoute({
  method: 'get',
  path: '/threads/{thread_id}',
  summary: 'Tells of one thread and its turns',
  request: { params: threadParams },
  responses: responsesOf('The thread.', threadDetailShape),
});

const placeShape = z.object({
  last_activity_at: z.string().refine(isNano),
  thread_id: z.string(),
});

function decodePlace(cursor: string): ThreadPlace {
  const { last_activity_at, thread_id } = decodeCursor(placeShape, cursor);
  return { lastActivityAt: BigInt(last_activity_at), threadId: thread_id };
}

const encodePlace = ({ lastActivityAt, threadId }: ThreadPlace): string =>
  encodeCursor({ last_activity_at: String(lastActivityAt), thread_id: threadId });

/** `/threads` and `/threads/{thread_id}`. */
export function addThreadRoutes(app: OpenAPIHono, context: QueryContext): void {
  const { client, projectOf, now } = context;

  app.openapi(LIST, async ({ req, json }) => {
    const { limit, cursor } = req.valid('query');
    const projectId = projectOf(req.raw);
    const after = cursor === undefined ? undefined : decodePlace(cursor);
    const { places: found, total } = await findThreadPage(client, {
      projectId,
      after,
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const ids = page.map(({ threadId }) => threadId);
    const threads = await readThreads(client, projectId, ids);
    const nowMs = now();
    return json(
      {
        threads: threads.map((thread) => encodeThread(thread, nowMs)),
        next_cursor: last === undefined ? null : encodePlace(last),
        total,
      },
      200,
    );
  });

  app.openapi(GET, async ({ req, json }) => {
    const { thread_id } = req.valid('param');
    const conversation = await loadConversation(context, projectOf(req.raw), thread_id);
    const thread = encodeThread(summarise(conversation), now());
    const losers = conversation.losingCandidates.map(encodeLosingCandidate);
    const { turns, generations, events, users } = conversation;
    return json(
      {
        ...thread,
        turns: turns.map(encodeTurn),
        generations: generations.map(encodeGeneration),
        events: events.map(encodeEvent),
        users: users.map(({ userId, props }) => ({ user_id: userId, props })),
        losing_candidates: losers,
      },
      200,
    );
  });
}
