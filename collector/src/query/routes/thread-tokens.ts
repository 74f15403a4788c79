import { newTokenShape, threadTokenShape } from '@colloquy/schema';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import { readCredentials } from '../../access/credentials.js';
import type { AccessRoutes } from './keys.js';
import { threadParams } from './parameters.js';
import { changesOf } from './responses.js';

const CREATE = createRoute({
  method: 'post',
  path: '/threads/{thread_id}/tokens',
  summary: 'Signs a token by which a page without a key may report of this thread',
  request: {
    params: threadParams,
    body: { required: true, content: { 'application/json': { schema: newTokenShape } } },
  },
  responses: {
    201: {
      description: 'The token, to be sent as a key is.',
      content: { 'application/json': { schema: threadTokenShape } },
    },
    ...changesOf(),
  },
});

/** `/threads/{thread_id}/tokens`. */
export function addThreadTokenRoute(
  app: OpenAPIHono,
  { administration, principalOf }: AccessRoutes,
): void {
  app.use('/threads/:thread_id/tokens', csrf());

  app.openapi(CREATE, async ({ req, json }) => {
    const { user_id, expires_in_seconds } = req.valid('json');
    const { token, expiresAt } = await administration.createToken(
      principalOf(req.raw),
      readCredentials((name) => req.header(name)) ?? '',
      { threadId: req.valid('param').thread_id, userId: user_id },
      expires_in_seconds * 1_000,
    );
    return json({ token, expires_at: new Date(expiresAt).toISOString() }, 201);
  });
}
