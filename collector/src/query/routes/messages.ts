import { type ConversationMessage, messageListShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { encodeMessage } from '../answers/message.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { ParameterError } from '../parameter-error.js';
import { loadConversation, type QueryContext } from '../query-context.js';
import { pageQuery, threadParams } from './parameters.js';
import { responsesOf } from './responses.js';

/** What `include` adds to the main line. */
const LINES = { branches: 'branch', side_calls: 'side_call' } as const;
const INCLUDES = Object.keys(LINES) as readonly (keyof typeof LINES)[];

const includeParameter = z
  .string()
  .default('')
  .describe(`What is added to the main line, with commas between: ${INCLUDES.join(', ')}.`)
  .transform((text) => text.split(',').filter((name) => name !== ''))
  .pipe(z.array(z.enum(INCLUDES)));

const LIST = createRoute({
  method: 'get',
  path: '/threads/{thread_id}/messages',
  summary: 'Lists the messages of a thread: the main line, then what was asked for besides',
  request: {
    params: threadParams,
    query: pageQuery({ max: 1000, usual: 200 }).extend({ include: includeParameter }),
  },
  responses: responsesOf('A page of messages.', messageListShape),
});

/** A page begins after one message or ends before one; so it stays put when the thread grows. */
const placeShape = z.union([z.object({ after: z.string() }), z.object({ before: z.string() })]);
type Place = z.infer<typeof placeShape>;

const VANISHED =
  'The message it points at is not on the lines that are asked for (any more): the thread has changed. Start again without a cursor, or add to include.';

interface Page {
  readonly start: number;
  readonly end: number;
}

/** @throws ParameterError when the cursor's message is not among `messages` */
function findPage(
  messages: readonly ConversationMessage[],
  place: Place | undefined,
  limit: number,
): Page {
  if (place === undefined) return { start: 0, end: limit };
  const id = 'after' in place ? place.after : place.before;
  const index = messages.findIndex(({ messageId }) => messageId === id);
  if (index === -1) throw new ParameterError([{ parameter: 'cursor', detail: VANISHED }]);
  return 'after' in place
    ? { start: index + 1, end: index + 1 + limit }
    : { start: Math.max(0, index - limit), end: index };
}

/** `/threads/{thread_id}/messages`. */
export function addMessageRoutes(app: OpenAPIHono, context: QueryContext): void {
  app.openapi(LIST, async ({ req, json }) => {
    const { thread_id } = req.valid('param');
    const { limit, cursor, include } = req.valid('query');
    const place = cursor === undefined ? undefined : decodeCursor(placeShape, cursor);
    const conversation = await loadConversation(context, context.projectOf(req.raw), thread_id);
    const lines = new Set<string>(['main', ...include.map((name) => LINES[name])]);
    const messages = conversation.messages.filter(({ line }) => lines.has(line));
    const { start, end } = findPage(messages, place, limit);
    const page = messages.slice(start, end);
    const [first, last] = [page[0]?.messageId, page.at(-1)?.messageId];
    const hasNext = last !== undefined && end < messages.length;
    const hasPrevious = first !== undefined && start > 0;
    return json(
      {
        messages: page.map(encodeMessage),
        next_cursor: hasNext ? encodeCursor({ after: last }) : null,
        prev_cursor: hasPrevious ? encodeCursor({ before: first }) : null,
        total: messages.length,
      },
      200,
    );
  });
}
