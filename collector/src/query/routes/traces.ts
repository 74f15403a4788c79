import { type GenAiFact, traceShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { ColloquyError } from '../../errors.js';
import { readContents } from '../../store/read-facts.js';
import { encodeTrace, type StoredTrace } from '../answers/trace.js';
import { readJoined } from '../../store/joined-traces.js';
import { linkTraces, messageIdsOf } from '../../message-links.js';
import { findReferences } from '../../store/message-references.js';
import type { QueryContext } from '../query-context.js';
import { readLogs } from '../sql/read-logs.js';
import { readSpans } from '../sql/read-spans.js';
import { traceParams } from './parameters.js';
import { responsesOf } from './responses.js';

const GET = createRoute({
  method: 'get',
  path: '/traces/{trace_id}',
  summary: 'Gives a trace back with everything that arrived',
  request: { params: traceParams },
  responses: responsesOf('The trace.', traceShape),
});

const hashesOf = ({ inputHashes, outputHashes, systemHashes }: GenAiFact): readonly string[] => [
  ...inputHashes,
  ...outputHashes,
  ...systemHashes,
];

/** @throws ColloquyError `NOT_FOUND` */
async function loadTrace(
  { client, inferThreads }: QueryContext,
  projectId: string,
  traceId: string,
): Promise<StoredTrace> {
  const [spans, logs, [joined]] = await Promise.all([
    readSpans(client, projectId, traceId),
    readLogs(client, projectId, traceId),
    inferThreads ? readJoined(client, projectId, [traceId]) : [],
  ]);
  const records = [...spans, ...logs];
  if (records.length === 0) throw new ColloquyError('NOT_FOUND', 'There is no trace with this id.');
  const messageIds = messageIdsOf(records.map(({ fact }) => fact));
  const links = linkTraces(await findReferences(client, projectId, messageIds));
  const shelves = new Set(
    records.flatMap(({ row }) => row['content_shelves'] as readonly string[]),
  );
  const hashes = new Set(records.flatMap(({ fact }) => hashesOf(fact)));
  const { contents } = await readContents(client, projectId, [...shelves], [...hashes]);
  const linkedTo = links.find((link) => link.traceId === traceId)?.threadId;
  return { traceId, spans, logs, contents, joined, linkedTo };
}

/** `/traces/{trace_id}`. */
export function addTraceRoutes(app: OpenAPIHono, context: QueryContext): void {
  app.openapi(GET, async ({ req, json }) => {
    const { trace_id } = req.valid('param');
    const trace = await loadTrace(context, context.projectOf(req.raw), trace_id);
    return json(encodeTrace(trace, context.prices), 200);
  });
}
