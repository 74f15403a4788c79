import type { ClickHouseClient } from '@clickhouse/client';
import type { StatusAnswer } from '@colloquy/schema';
import { type Hook, OpenAPIHono } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { ColloquyError } from '../errors.js';
import type { ReceivedCounts } from '../doctor/refused.js';
import type { PriceTable } from '../conversation/price-table.js';
import type { loadThreads } from '../thread-loader.js';
import { ParameterError } from './parameter-error.js';
import { answerProblem, toColloquyError } from './problem.js';
import { projectOfRequest, type QueryContext } from './query-context.js';
import { addDoctorRoute } from './routes/doctor.js';
import { type AccessRoutes, addKeyRoutes } from './routes/keys.js';
import { addLogRoutes } from './routes/logs.js';
import { addMaskingRoutes, type MaskingRoutes } from './routes/masking.js';
import { addMessageRoutes } from './routes/messages.js';
import { addProjectRoutes } from './routes/projects.js';
import { addReconcileRoute } from './routes/reconcile.js';
import { addSearchRoute } from './routes/search.js';
import { addSpanRoutes } from './routes/spans.js';
import { addStatusRoute } from './routes/status.js';
import { addThreadRoutes } from './routes/threads.js';
import { addThreadTokenRoute } from './routes/thread-tokens.js';
import { addTraceRoutes } from './routes/traces.js';

export interface QueryAppOptions {
  readonly client: ClickHouseClient;
  readonly loadThreads: typeof loadThreads;
  /** Whether traces without an id are joined to what they go on from; yes where this is left out. */
  readonly inferThreads?: boolean;
  /** The project's own prices; public ones where this is left out. */
  readonly prices?: PriceTable;
  /** Which project a request may read; `default` where this is left out. */
  readonly projectOf?: (request: Request) => string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** What the collector tells of itself at `/status`; no such route without it. */
  readonly status?: (request: Request) => StatusAnswer;
  /** What projects have masked; no such routes without it. */
  readonly masking?: MaskingRoutes;
  /** Keys and projects; no such routes without it. */
  readonly access?: AccessRoutes;
  /** What became of the items of a project that were received since the start, by signal. */
  readonly received?: (projectId: string) => Readonly<Record<string, ReceivedCounts>>;
  /** Adds routes of other rooms, which then stand in the OpenAPI document too. */
  readonly extend?: (app: OpenAPIHono) => void;
  /** Told of errors that nobody foresaw; the caller only learns that there was one. */
  readonly onInternalError?: (error: unknown) => void;
}

/** Where the caller mounts the app. */
const BASE_PATH = '/api/v1';

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Colloquy query API', version: '1' },
  servers: [{ url: BASE_PATH }],
  security: [{ bearer: [] }, { apiKey: [] }],
};

/** How a key is shown, where keys are asked for. */
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
} as const;

const refuse: Hook<unknown, Env, string, void> = (result) => {
  if (result.success) return;
  throw new ParameterError(
    result.error.issues.map(({ path, message }) => ({
      parameter: String(path[0] ?? ''),
      detail: message,
    })),
  );
};

/** All that no route took: another method of a known path, or an unknown path. */
function addFallbacks(app: OpenAPIHono): void {
  const methods = new Map<string, readonly string[]>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue;
    const more = method === 'GET' ? ['GET', 'HEAD'] : [method];
    methods.set(path, [...new Set([...(methods.get(path) ?? []), ...more])]);
  }
  for (const [path, taken] of methods)
    app.all(path, () => {
      const names = taken.filter((method) => method !== 'HEAD').join(' and ');
      const error = new ColloquyError('METHOD_NOT_ALLOWED', `This path only takes ${names}.`);
      return answerProblem(error, taken.join(', '));
    });
  app.all('*', () => {
    const detail = `There is nothing here; ${BASE_PATH}/openapi.json lists what there is.`;
    return answerProblem(new ColloquyError('NOT_FOUND', detail));
  });
}

/** The query API, to be mounted at `/api/v1`. */
export function createQueryApp({
  status,
  access,
  masking,
  received = () => ({}),
  onInternalError,
  extend,
  ...options
}: QueryAppOptions): OpenAPIHono {
  const context: QueryContext = {
    projectOf: projectOfRequest,
    inferThreads: true,
    prices: [],
    now: Date.now,
    ...options,
  };
  const app = new OpenAPIHono({ defaultHook: refuse });
  addThreadRoutes(app, context);
  addMessageRoutes(app, context);
  addSearchRoute(app, context);
  addReconcileRoute(app, context);
  addLogRoutes(app, context);
  addTraceRoutes(app, context);
  addSpanRoutes(app, context);
  addDoctorRoute(app, context, received);
  if (access !== undefined) {
    addKeyRoutes(app, access);
    addProjectRoutes(app, access);
    addThreadTokenRoute(app, access);
  }
  if (masking !== undefined) addMaskingRoutes(app, context, masking);
  if (status !== undefined) addStatusRoute(app, status);
  extend?.(app);
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES))
    app.openAPIRegistry.registerComponent('securitySchemes', name, scheme);
  app.doc31('/openapi.json', DOCUMENT);
  addFallbacks(app);
  app.onError((thrown) => {
    const error = toColloquyError(thrown);
    if (error.code === 'INTERNAL') onInternalError?.(thrown);
    return answerProblem(error);
  });
  return app;
}
