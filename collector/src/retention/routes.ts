import type { ClickHouseClient } from '@clickhouse/client';
import { retentionShape, setRetentionShape, type RetentionAnswer } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import { answerErasures } from '../erasure/answer.js';
import type { ErasureLedger } from '../erasure/ledger.js';
import { previewErasure } from '../erasure/preview.js';
import { responsesOf } from '../query/routes/responses.js';
import { expiredBy, type Retention } from './retention.js';

export interface RetentionRouteOptions {
  readonly client: ClickHouseClient;
  readonly ledger: ErasureLedger;
  readonly retention: Retention;
  readonly inferThreads: boolean;
  readonly projectOf: (request: Request) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const GET = createRoute({
  method: 'get',
  path: '/retention',
  summary: 'How long threads are kept after they were last heard of',
  request: {
    query: z.object({
      days: z.coerce
        .number()
        .int()
        .min(1)
        .max(36_500)
        .optional()
        .describe('Also tell what would go with this many days.'),
    }),
  },
  responses: responsesOf('What holds, and when it was last done.', retentionShape),
});

const PUT = createRoute({
  method: 'put',
  path: '/retention',
  summary: 'Sets how long threads are kept; what is older begins to go at once',
  middleware: [csrf()] as const,
  request: {
    body: { required: true, content: { 'application/json': { schema: setRetentionShape } } },
  },
  responses: responsesOf('What holds now.', retentionShape),
});

/** `/retention`. */
export function addRetentionRoutes(app: OpenAPIHono, options: RetentionRouteOptions): void {
  const { client, ledger, retention, inferThreads, projectOf, now } = options;
  const answer = async (projectId: string, asked?: number): Promise<RetentionAnswer> => {
    const days = (await retention.get(projectId)) ?? null;
    const last = await retention.lastRun(projectId);
    const [lastRun = null] = await answerErasures(client, ledger, last === undefined ? [] : [last]);
    const nextRunAt = days === null ? null : await retention.nextRunAt(projectId);
    return {
      days,
      expires: asked === undefined ? null : await count(projectId, asked),
      next_run_at: nextRunAt === null ? null : new Date(nextRunAt).toISOString(),
      last_run: lastRun,
    };
  };
  const count = async (projectId: string, days: number): Promise<RetentionAnswer['expires']> => {
    const subject = expiredBy(days, now());
    const { counts } = await previewErasure({ client, projectId, inferThreads }, subject, now());
    const { threads, traces, spans, logs } = counts;
    return { days, threads, traces, spans, logs };
  };
  app.openapi(GET, async ({ req, json }) =>
    json(await answer(projectOf(req.raw), req.valid('query').days), 200),
  );
  app.openapi(PUT, async ({ req, json }) => {
    const projectId = projectOf(req.raw);
    await retention.set(projectId, req.valid('json').days);
    return json(await answer(projectId), 200);
  });
}
