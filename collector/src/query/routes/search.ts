import { ClickHouseError } from '@clickhouse/client';
import { type FoundMessageAnswer, messageSearchShape, ROLES } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { decodeCursor, encodeCursor, isNano } from '../cursor.js';
import { formatTime } from '../format-time.js';
import { ParameterError } from '../parameter-error.js';
import type { QueryContext } from '../query-context.js';
import { readSearchTerms } from '../search-terms.js';
import { findMessages, type MessagePlace } from '../sql/find-messages.js';
import { readThreads } from '../sql/read-threads.js';
import { pageQuery } from './parameters.js';
import { responsesOf } from './responses.js';

const MAX_LENGTH = 256;
/** ClickHouse looks up as many words at once. */
const MAX_WORDS = 64;

const SEARCH =
  'Words that a message has, all of them and in any order, whole and in any case: in its texts, its thoughts, and what tools were given and gave. "Quoted words" stand there to the letter.';

const query = pageQuery({ max: 200, usual: 50 }).extend({
  search: z
    .string()
    .max(MAX_LENGTH)
    .describe(SEARCH)
    .transform(readSearchTerms)
    .refine(({ words, phrases, parts }) => words.length + phrases.length + parts.length > 0, {
      error: 'Must hold a word.',
    })
    .refine(({ words }) => words.length <= MAX_WORDS, {
      error: `Must hold ${MAX_WORDS} words at the most.`,
    }),
  role: z
    .string()
    .optional()
    .describe(
      `Messages of these roles alone, with commas between: ${ROLES.join(', ')}; all but system where it is left out.`,
    )
    .transform((text) => text?.split(',').filter((role) => role !== '')),
});

const LIST = createRoute({
  method: 'get',
  path: '/messages',
  summary: 'Searches the messages of all threads, newest first',
  request: { query },
  responses: responsesOf('A page of messages that have what was searched for.', messageSearchShape),
});

const placeShape = z.object({
  created_at: z.string().refine(isNano),
  thread_id: z.string(),
  message_id: z.guid(),
});

function decodePlace(cursor: string): MessagePlace {
  const { created_at, thread_id, message_id } = decodeCursor(placeShape, cursor);
  return { createdAt: BigInt(created_at), threadId: thread_id, messageId: message_id };
}

const encodePlace = ({ createdAt, threadId, messageId }: MessagePlace): string =>
  encodeCursor({ created_at: String(createdAt), thread_id: threadId, message_id: messageId });

/** A search that takes too long is one that can be asked better. */
function explain(error: unknown): never {
  if (error instanceof ClickHouseError && error.type === 'TIMEOUT_EXCEEDED')
    throw new ParameterError([
      { parameter: 'search', detail: 'Too many messages have these words; add a rarer one.' },
    ]);
  throw error;
}

/** `/messages`. */
export function addSearchRoute(app: OpenAPIHono, { client, projectOf }: QueryContext): void {
  app.openapi(LIST, async ({ req, json }) => {
    const { search: terms, role: roles, limit, cursor } = req.valid('query');
    const projectId = projectOf(req.raw);
    const after = cursor === undefined ? undefined : decodePlace(cursor);
    const asked = { projectId, terms, roles, after, limit: limit + 1 };
    const found = await findMessages(client, asked).catch(explain);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const ids = [...new Set(page.map(({ threadId }) => threadId))];
    const titles = new Map(
      (await readThreads(client, projectId, ids)).map(({ threadId, title }) => [threadId, title]),
    );
    return json(
      {
        messages: page.map(({ threadId, messageId, createdAt, role, turn, line, excerpt }) => ({
          thread_id: threadId,
          thread_title: titles.get(threadId) ?? '',
          message_id: messageId,
          role,
          created_at: formatTime(createdAt),
          turn,
          line: line as FoundMessageAnswer['line'],
          excerpt,
        })),
        next_cursor: last === undefined ? null : encodePlace(last),
      },
      200,
    );
  });
}
