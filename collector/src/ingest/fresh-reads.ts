import type { MiddlewareHandler } from 'hono';
import type { Flow } from './flow.js';

/** How long a read waits at the most. */
const MAX_WAIT_MS = 1_000;

/** Items accepted within a second from which on nobody can tell what a read would have to wait for. */
const BUSY = 200;

/**
 * Has a question answered with what was sent before it: a request is answered when it is in the spool,
 * some hundredths of a second before it can be read. Where much comes in, nobody waits.
 */
export const freshReads =
  (flow: Flow, projectOf: (request: Request) => string): MiddlewareHandler =>
  async ({ req }, next) => {
    const projectId = projectOf(req.raw);
    if (req.method === 'GET' && flow.recent(projectId) < BUSY)
      await flow.stored(projectId, AbortSignal.timeout(MAX_WAIT_MS)).catch(() => undefined);
    await next();
  };
