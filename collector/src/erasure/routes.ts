import type { ClickHouseClient } from '@clickhouse/client';
import {
  eraseShape,
  erasureListShape,
  erasurePreviewShape,
  erasureShape,
  problemShape,
  type EraseRequest,
} from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import { ColloquyError } from '../errors.js';
import { answerErasures } from './answer.js';
import { askErasure } from './ask-erasure.js';
import type { ErasureLedger } from './ledger.js';
import { previewErasure } from './preview.js';
import { isConfirmed, issueConfirm, subjectMark, type NamedSubject } from './subject.js';

export interface ErasureRouteOptions {
  readonly client: ClickHouseClient;
  readonly ledger: ErasureLedger;
  /** True while stored records are read and written again: what is erased meanwhile would come back. */
  readonly isRerunning: () => boolean;
  readonly inferThreads: boolean;
  /** Which project a request may erase from. */
  readonly projectOf: (request: Request) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemShape } },
});

const problems = {
  400: problem('A parameter has a wrong value.'),
  404: problem('There is no such thing.'),
  409: problem('It has not been counted, or too long ago.'),
  503: problem('ClickHouse does not answer; try again.'),
};

const json = <Shape extends z.ZodType>(description: string, schema: Shape) => ({
  description,
  content: { 'application/json': { schema } },
});

const POST = createRoute({
  method: 'post',
  path: '/erasures',
  summary: 'Counts what an erasure takes; with the `confirm` of that answer, erases it for good',
  middleware: [csrf()] as const,
  request: {
    body: { required: true, content: { 'application/json': { schema: eraseShape } } },
  },
  responses: {
    200: json('What would go. Nothing has been erased.', erasurePreviewShape),
    202: json('It is being erased; ask for it by its id.', erasureShape),
    ...problems,
  },
});

const LIST = createRoute({
  method: 'get',
  path: '/erasures',
  summary: 'Lists erasures, the newest first',
  request: {
    query: z.object({
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(1_000)
        .default(100)
        .describe('`total` tells how many there are.'),
      thread: z
        .string()
        .optional()
        .describe('Of this thread: it is known by its digest once it is erased.'),
      user: z.string().optional().describe('Of this user, likewise.'),
    }),
  },
  responses: { 200: json('Erasures.', erasureListShape), ...problems },
});

const GET = createRoute({
  method: 'get',
  path: '/erasures/{erasure_id}',
  summary: 'How far an erasure is, and the proof that nothing is left',
  request: { params: z.object({ erasure_id: z.string() }) },
  responses: { 200: json('The erasure.', erasureShape), ...problems },
});

function subjectOf({ thread, user, project }: EraseRequest, own: string): NamedSubject {
  if (thread !== undefined) return { kind: 'thread', id: thread };
  if (user !== undefined) return { kind: 'user', id: user };
  // Whoever may erase one project learns nothing of others.
  if (project !== own) throw new ColloquyError('NOT_FOUND', 'There is no project with this id.');
  return { kind: 'project', id: own };
}

/** `/erasures` and `/erasures/{id}`. */
export function addErasureRoutes(app: OpenAPIHono, options: ErasureRouteOptions): void {
  const { client, ledger, isRerunning, inferThreads, projectOf, now } = options;
  app.openapi(POST, async (context) => {
    const projectId = projectOf(context.req.raw);
    const body = context.req.valid('json');
    const subject = subjectOf(body, projectId);
    if (body.confirm === undefined) {
      const found = await previewErasure({ client, projectId, inferThreads }, subject, now());
      const confirm = issueConfirm(projectId, subject, now());
      const { counts, tables, sharedThreads } = found;
      const answer = { kind: subject.kind, counts, tables, shared_threads: sharedThreads, confirm };
      return context.json(answer, 200);
    }
    if (!isConfirmed(projectId, subject, body.confirm, now())) {
      const detail =
        'Count first: send the same body without `confirm`, and its `confirm` within 15 minutes.';
      throw new ColloquyError('CONFLICT', detail);
    }
    if (isRerunning())
      throw new ColloquyError('CONFLICT', 'A rebuild is under way; erase when it is done.');
    const erasure = await askErasure({ client, ledger, now }, projectId, subject);
    const [answer] = await answerErasures(client, ledger, [erasure]);
    if (answer === undefined)
      throw new ColloquyError('INTERNAL', 'The erasure was not written down.');
    return context.json(answer, 202, { location: `${context.req.path}/${erasure.id}` });
  });
  app.openapi(LIST, async (context) => {
    const { limit, thread, user } = context.req.valid('query');
    const projectId = projectOf(context.req.raw);
    const named = thread ?? user;
    const mark =
      named === undefined
        ? undefined
        : subjectMark(projectId, { kind: thread === undefined ? 'user' : 'thread', id: named });
    const { erasures, total } = await ledger.list({ projectId, limit, subjectMark: mark });
    return context.json({ erasures: await answerErasures(client, ledger, erasures), total }, 200);
  });
  app.openapi(GET, async (context) => {
    const { erasure_id } = context.req.valid('param');
    const isId = z.uuid().safeParse(erasure_id).success;
    const erasure = isId ? await ledger.find(projectOf(context.req.raw), erasure_id) : undefined;
    const [answer] = erasure === undefined ? [] : await answerErasures(client, ledger, [erasure]);
    if (answer === undefined)
      throw new ColloquyError('NOT_FOUND', 'There is no erasure with this id.');
    return context.json(answer, 200);
  });
}
