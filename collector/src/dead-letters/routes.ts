import {
  DEAD_LETTER_STATES,
  deadLetterDetailShape,
  deadLetterListShape,
  replayShape,
} from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import { decodeCursor, encodeCursor } from '../query/cursor.js';
import { pageQuery } from '../query/routes/parameters.js';
import { changesOf, responsesOf } from '../query/routes/responses.js';
import { listLetters } from '../store/dead-letters.js';
import { encodeLetter } from './encode.js';
import { dropLetter, type LetterOptions, replayLetter, replayNext } from './replay.js';
import { showLetter, type ShowOptions } from './show.js';

export interface DeadLetterRoutes extends LetterOptions, ShowOptions {
  /** Whose letters a request may see. */
  readonly projectOf: (request: Request) => string;
}

const letterParams = z.object({ letter_id: z.string() });

const LIST = createRoute({
  method: 'get',
  path: '/dead-letters',
  summary: 'Lists accepted requests of which some items could not be stored, the newest first',
  request: {
    query: pageQuery({ max: 1_000, usual: 100 }).extend({
      state: z.enum(DEAD_LETTER_STATES).optional().describe('Any unless given.'),
    }),
  },
  responses: responsesOf('A page of dead letters.', deadLetterListShape),
});

const GET = createRoute({
  method: 'get',
  path: '/dead-letters/{letter_id}',
  summary: 'Shows the items of a dead letter that could not be stored',
  request: { params: letterParams, query: pageQuery({ max: 1_000, usual: 20 }) },
  responses: responsesOf('The letter with what it holds.', deadLetterDetailShape),
});

const replayed = (description: string) => ({
  202: { description, content: { 'application/json': { schema: replayShape } } },
  ...changesOf(),
});

const REPLAY = createRoute({
  method: 'post',
  path: '/dead-letters/{letter_id}/replay',
  summary: 'Has the items that could not be stored go through the intake again, and those alone',
  middleware: [csrf()] as const,
  request: { params: letterParams },
  responses: replayed('They are accepted. What cannot be stored this time either waits again.'),
});

const REPLAY_ALL = createRoute({
  method: 'post',
  path: '/dead-letters/replay',
  summary: 'Replays what waits, some at a time: go on with `next_cursor` until there is none',
  middleware: [csrf()] as const,
  request: { query: z.object({ cursor: z.string().optional() }) },
  responses: replayed('They are accepted.'),
});

const DROP = createRoute({
  method: 'delete',
  path: '/dead-letters/{letter_id}',
  summary: 'Drops a dead letter for good; what remains is that there was one, and why',
  request: { params: letterParams },
  responses: { 204: { description: 'It is gone.' }, ...changesOf() },
});

const placeShape = z.object({
  receivedMicros: z.string().regex(/^\d{1,18}$/),
  letterId: z.string(),
});

/** `/dead-letters` and what is below. */
export function addDeadLetterRoutes(app: OpenAPIHono, options: DeadLetterRoutes): void {
  const { client, projectOf } = options;
  app.openapi(LIST, async ({ req, json }) => {
    const { limit, cursor, state } = req.valid('query');
    const after = cursor === undefined ? undefined : decodeCursor(placeShape, cursor);
    const projectId = projectOf(req.raw);
    const found = await listLetters(client, { projectId, state, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last && {
      receivedMicros: String(last.receivedMicros),
      letterId: last.letterId,
    };
    const next_cursor = next === undefined ? null : encodeCursor(next);
    return json({ dead_letters: page.map(encodeLetter), next_cursor }, 200);
  });

  app.openapi(GET, async ({ req, json }) => {
    const { limit, cursor } = req.valid('query');
    const from = cursor === undefined ? 0 : decodeCursor(z.int().min(0), cursor);
    const one = { projectId: projectOf(req.raw), letterId: req.valid('param').letter_id };
    const { answer, next } = await showLetter(options, one, { from, limit });
    return json({ ...answer, next_cursor: next === undefined ? null : encodeCursor(next) }, 200);
  });

  app.openapi(REPLAY_ALL, async ({ req, json }) => {
    const { cursor } = req.valid('query');
    const after = cursor === undefined ? '' : decodeCursor(z.string(), cursor);
    const { last, ...counts } = await replayNext(options, projectOf(req.raw), after);
    return json({ ...counts, next_cursor: last === undefined ? null : encodeCursor(last) }, 202);
  });

  app.openapi(REPLAY, async ({ req, json }) => {
    const { letter_id } = req.valid('param');
    const items = await replayLetter(options, projectOf(req.raw), letter_id);
    return json({ replayed: 1, items, next_cursor: null }, 202);
  });

  app.openapi(DROP, async ({ req, body }) => {
    await dropLetter(options, projectOf(req.raw), req.valid('param').letter_id);
    return body(null, 204);
  });
}
