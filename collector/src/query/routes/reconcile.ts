import { type Discrepancy, type ReconcileAnswer, reconcileShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { loadConversation, type QueryContext } from '../query-context.js';
import { threadParams } from './parameters.js';
import { responsesOf } from './responses.js';

const GET = createRoute({
  method: 'get',
  path: '/threads/{thread_id}/reconcile',
  summary: 'Compares what the application reported with what its model calls show',
  request: { params: threadParams },
  responses: responsesOf('The report.', reconcileShape),
});

const encode = ({
  kind,
  messageId,
  trackedId,
  tracked,
  derived,
}: Discrepancy): ReconcileAnswer['discrepancies'][number] => ({
  kind,
  message_id: messageId ?? null,
  tracked_id: trackedId ?? null,
  tracked: tracked ?? null,
  derived: derived ?? null,
});

/** `/threads/{thread_id}/reconcile`. */
export function addReconcileRoute(app: OpenAPIHono, context: QueryContext): void {
  app.openapi(GET, async ({ req, json }) => {
    const { thread_id } = req.valid('param');
    const { messages, discrepancies } = await loadConversation(
      context,
      context.projectOf(req.raw),
      thread_id,
    );
    const count = (...sources: readonly string[]): number =>
      messages.filter(({ line, source }) => line === 'main' && sources.includes(source)).length;
    const doubled = discrepancies.filter(({ kind }) => kind === 'doubled').length;
    return json(
      {
        tracked: count('tracked', 'both') + doubled,
        derived: count('derived', 'both'),
        matched: count('both'),
        discrepancies: discrepancies.map(encode),
      },
      200,
    );
  });
}
