import { logListShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readContents } from '../../store/read-facts.js';
import { encodeLog } from '../answers/log.js';
import { decodeCursor, encodeCursor, isNano } from '../cursor.js';
import type { QueryContext } from '../query-context.js';
import { type LogPlace, readThreadLogs } from '../sql/read-logs.js';
import { pageQuery, threadParams } from './parameters.js';
import { responsesOf } from './responses.js';

const LIST = createRoute({
  method: 'get',
  path: '/threads/{thread_id}/logs',
  summary: 'Lists the log records of a thread that were written outside any trace',
  request: { params: threadParams, query: pageQuery({ max: 1000, usual: 200 }) },
  responses: responsesOf('A page of log records.', logListShape),
});

const placeShape = z.object({
  time: z.string().refine(isNano),
  sequence: z.int().min(0).max(0xffff_ffff),
  record_id: z.string(),
});

function decodePlace(cursor: string): LogPlace {
  const { time, sequence, record_id } = decodeCursor(placeShape, cursor);
  return { timeUnixNano: BigInt(time), sequence, recordId: record_id };
}

const encodePlace = ({ timeUnixNano, sequence, recordId }: LogPlace): string =>
  encodeCursor({ time: String(timeUnixNano), sequence, record_id: recordId });

/** `/threads/{thread_id}/logs`. A thread without such records has an empty list. */
export function addLogRoutes(app: OpenAPIHono, { client, projectOf }: QueryContext): void {
  app.openapi(LIST, async ({ req, json }) => {
    const { thread_id: threadId } = req.valid('param');
    const { limit, cursor } = req.valid('query');
    const projectId = projectOf(req.raw);
    const after = cursor === undefined ? undefined : decodePlace(cursor);
    const found = await readThreadLogs(client, { projectId, threadId, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const shelves = new Set(page.flatMap(({ row }) => row['content_shelves'] as readonly string[]));
    const hashes = new Set(
      page.flatMap(({ fact }) => [...fact.inputHashes, ...fact.outputHashes, ...fact.systemHashes]),
    );
    const { contents } = await readContents(client, projectId, [...shelves], [...hashes]);
    const last = found.length > limit ? page.at(-1) : undefined;
    return json(
      {
        logs: page.map((log) => encodeLog(log, contents)),
        next_cursor: last === undefined ? null : encodePlace(last.fact),
      },
      200,
    );
  });
}
