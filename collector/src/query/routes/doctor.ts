import { doctorShape, type FindingAnswer } from '@colloquy/schema';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { examine, type Finding } from '../../doctor/examine.js';
import { findRefused, type ReceivedCounts } from '../../doctor/refused.js';
import type { QueryContext } from '../query-context.js';
import { responsesOf } from './responses.js';

const HOUR_MS = 3_600_000;
/** Ten years: further back than anyone has data, and still a date. */
const MAX_HOURS = 87_600;

const GET = createRoute({
  method: 'get',
  path: '/doctor',
  summary: 'Tells what keeps conversations from coming out right, and what mends it',
  request: {
    query: z.object({
      hours: z.coerce
        .number()
        .positive()
        .max(MAX_HOURS)
        .default(24)
        .describe('How far to look back, by the time of arrival.'),
    }),
  },
  responses: responsesOf('What was found.', doctorShape),
});

const encodeFinding = ({ example, setting, ...rest }: Finding): FindingAnswer => ({
  check: rest.check,
  title: rest.title,
  unit: rest.unit,
  emitter: rest.emitter,
  count: rest.count,
  example: example === undefined ? null : encodeExample(example),
  advice: rest.advice,
  setting: setting ?? null,
});

const encodeExample = ({ traceId, spanId, name, service }: NonNullable<Finding['example']>) => ({
  trace_id: traceId === '' ? null : traceId,
  span_id: spanId === '' ? null : spanId,
  name,
  service,
});

/** `/doctor`. */
export function addDoctorRoute(
  app: OpenAPIHono,
  { client, projectOf, now }: QueryContext,
  received: (projectId: string) => Readonly<Record<string, ReceivedCounts>>,
): void {
  app.openapi(GET, async ({ req, json }) => {
    const { hours } = req.valid('query');
    const nowMs = now();
    const sinceMs = nowMs - hours * HOUR_MS;
    const projectId = projectOf(req.raw);
    const found = await examine(client, { projectId, sinceMs, nowMs });
    const findings = [...found, ...findRefused(received(projectId))].map(encodeFinding);
    return json({ since: new Date(sinceMs).toISOString(), findings }, 200);
  });
}
