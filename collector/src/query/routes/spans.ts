import { type CallContextAnswer, callContextShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { contentOf, contentOfLogs } from '../../conversation/call-content.js';
import { ColloquyError } from '../../errors.js';
import { readContents, readTraceFacts } from '../../store/read-facts.js';
import { encodeContextMessage } from '../answers/message.js';
import type { QueryContext } from '../query-context.js';
import { spanParams } from './parameters.js';
import { responsesOf } from './responses.js';

const GET_CONTEXT = createRoute({
  method: 'get',
  path: '/traces/{trace_id}/spans/{span_id}/context',
  summary: 'Tells what exactly a call was sent and what it answered',
  request: { params: spanParams },
  responses: responsesOf('What the call saw and said.', callContextShape),
});

/** @throws ColloquyError `NOT_FOUND` when neither the span nor a log of it is known */
async function loadContext(
  { client }: QueryContext,
  projectId: string,
  { trace_id, span_id }: { readonly trace_id: string; readonly span_id: string },
): Promise<CallContextAnswer> {
  const facts = await readTraceFacts(client, projectId, [trace_id]);
  const span = facts.spans.find(({ spanId }) => spanId === span_id);
  const logs = facts.logs.filter(({ spanId }) => spanId === span_id);
  if (span === undefined && logs.length === 0)
    throw new ColloquyError('NOT_FOUND', 'There is no span with this id in this trace.');
  const content = span === undefined ? contentOfLogs(logs) : contentOf(span, logs);
  const hashes = [...new Set([...content.input, ...content.output])];
  const { contents } = await readContents(client, projectId, facts.shelves, hashes);
  return {
    trace_id,
    span_id,
    input: content.input.map((hash) => encodeContextMessage(hash, contents)),
    input_is_unordered: content.inputIsUnordered,
    output: content.output.map((hash) => encodeContextMessage(hash, contents)),
    input_source: content.input.length === 0 ? 'none' : content.inputSource,
    output_source: content.output.length === 0 ? 'none' : content.outputSource,
  };
}

/** `/traces/{trace_id}/spans/{span_id}/context`. */
export function addSpanRoutes(app: OpenAPIHono, context: QueryContext): void {
  app.openapi(GET_CONTEXT, async ({ req, json }) =>
    json(await loadContext(context, context.projectOf(req.raw), req.valid('param')), 200),
  );
}
