import { SpanKind } from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { INSTANCE_HEADER, type OwnTraces } from './own-traces.js';
import { TRACER } from './traced.js';

/** These are answered behind a catch-all. */
const INGEST: ReadonlySet<string> = new Set(['/v1/traces', '/v1/logs', '/v1/metrics']);

/** The pattern of the route that answers, which holds no ids. */
const routeOf = (context: Context): string =>
  INGEST.has(context.req.path)
    ? context.req.path
    : (matchedRoutes(context).findLast(({ path }) => !path.endsWith('*'))?.path ?? '*');

/**
 * A span for each request: its route and its status, since paths and queries may hold content. Our own
 * spans are never let in, or each would make another.
 */
export const traceRequests =
  ({ instance }: OwnTraces): MiddlewareHandler =>
  async (context, next) => {
    if (context.req.header(INSTANCE_HEADER) === instance)
      return context.json({ message: 'These are spans of this collector itself.' }, 403);
    const { method } = context.req;
    const span = TRACER.startSpan(method, {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method },
    });
    try {
      await next();
    } finally {
      const route = routeOf(context);
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        'http.route': route,
        'http.response.status_code': context.res.status,
      });
      span.end();
    }
    return undefined;
  };
