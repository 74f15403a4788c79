import { type StatusAnswer, statusShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { responsesOf } from './responses.js';

const GET = createRoute({
  method: 'get',
  path: '/status',
  summary: 'Tells how far what was accepted since the start has come',
  responses: responsesOf('Counts of the project.', statusShape),
});

/** `/status`. */
export function addStatusRoute(app: OpenAPIHono, status: (request: Request) => StatusAnswer): void {
  app.openapi(GET, ({ req, json }) => json(status(req.raw), 200));
}
