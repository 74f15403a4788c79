import type { AccessScope } from '@colloquy/schema';
import { TrieRouter } from 'hono/router/trie-router';

/** Who may use one route. */
export interface Rule {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As the router writes it. */
  readonly path: string;
  /** Any of these will do; `anyone` needs no key. */
  readonly allow: 'anyone' | readonly AccessScope[];
  /** True for what concerns all projects, and needs a key to all of them. */
  readonly ofAllProjects?: boolean;
  /** True for what tokens are for, which a page has that has no key. */
  readonly takesTokens?: boolean;
}

const INGEST: readonly AccessScope[] = ['ingest', 'public-ingest', 'admin'];
const READ: readonly AccessScope[] = ['read', 'admin'];
const WRITE: readonly AccessScope[] = ['write', 'admin'];
const ADMIN: readonly AccessScope[] = ['admin'];

const gets = (allow: Rule['allow'], ...paths: readonly string[]): readonly Rule[] =>
  paths.map((path) => ({ method: 'GET', path, allow }));

const posts = (allow: Rule['allow'], ...paths: readonly string[]): readonly Rule[] =>
  paths.map((path) => ({ method: 'POST', path, allow }));

/**
 * THE table of who may do what. A route that is not in it is not there, whatever any app registers;
 * a test compares it with what is registered.
 */
export const RULES: readonly Rule[] = [
  ...gets('anyone', '/healthz', '/readyz'),
  { method: 'GET', path: '/metrics', allow: ADMIN, ofAllProjects: true },

  { method: 'POST', path: '/v1/traces', allow: INGEST, takesTokens: true },
  ...posts(INGEST, '/v1/logs', '/v1/metrics'),
  ...posts(
    INGEST,
    '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  ),

  ...gets(
    READ,
    '/api/v1/threads',
    '/api/v1/threads/:thread_id',
    '/api/v1/threads/:thread_id/messages',
    '/api/v1/threads/:thread_id/reconcile',
    '/api/v1/threads/:thread_id/logs',
    '/api/v1/messages',
    '/api/v1/traces/:trace_id',
    '/api/v1/traces/:trace_id/spans/:span_id/context',
    '/api/v1/doctor',
    '/api/v1/status',
    '/api/v1/dead-letters',
    '/api/v1/dead-letters/:letter_id',
  ),
  ...gets(['ingest', 'read', 'write', 'admin'], '/api/v1/openapi.json'),
  ...posts(['ingest', 'write', 'admin'], '/api/v1/threads/:thread_id/tokens'),
  ...posts(
    WRITE,
    '/api/v1/rebuild',
    '/api/v1/dead-letters/replay',
    '/api/v1/dead-letters/:letter_id/replay',
  ),
  { method: 'DELETE', path: '/api/v1/dead-letters/:letter_id', allow: WRITE },

  ...gets(ADMIN, '/api/v1/keys', '/api/v1/projects', '/api/v1/masking'),
  ...gets(ADMIN, '/api/v1/erasures', '/api/v1/erasures/:erasure_id', '/api/v1/retention'),
  ...posts(ADMIN, '/api/v1/keys', '/api/v1/erasures'),
  { method: 'PUT', path: '/api/v1/retention', allow: ADMIN },
  { method: 'DELETE', path: '/api/v1/keys/:key_id', allow: ADMIN },
  { method: 'PUT', path: '/api/v1/masking', allow: ADMIN },
  ...posts(ADMIN, '/api/v1/masking/preview'),
  { method: 'POST', path: '/api/v1/projects', allow: ADMIN, ofAllProjects: true },
];

const ROUTER = new TrieRouter<Rule>();
for (const rule of RULES) ROUTER.add(rule.method, rule.path, rule);

const METHODS = [...new Set(RULES.map(({ method }) => method))];

/**
 * The rule of a route; `undefined` where there is none. The router is the one of the apps, so that both
 * read a path alike.
 * @param path - as the app's router is given it
 */
export function findRule(method: string, path: string): Rule | undefined {
  const [[found] = []] = ROUTER.match(method === 'HEAD' ? 'GET' : method, path);
  return found?.[0];
}

/** The methods that the table has for a path. */
export const methodsOf = (path: string): readonly string[] =>
  METHODS.filter((method) => findRule(method, path) !== undefined).flatMap((method) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
