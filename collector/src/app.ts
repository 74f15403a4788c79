import type { ClickHouseClient } from '@clickhouse/client';
import { Hono } from 'hono';
import type { Access } from './access/access.js';
import type { Guard } from './access/guard.js';
import { answerRefusal } from './answer-refusal.js';
import type { PriceTable } from './conversation/price-table.js';
import { crossOrigin, OTLP_HEADERS, QUERY_HEADERS } from './cross-origin.js';
import { shownMasking } from './dead-letters/shown-masking.js';
import { addDeadLetterRoutes } from './dead-letters/routes.js';
import { describeError } from './describe-error.js';
import { createErasing } from './erasing.js';
import { ColloquyError } from './errors.js';
import { describeFlow } from './ingest/describe-flow.js';
import { freshReads } from './ingest/fresh-reads.js';
import type { Ingest } from './ingest/ingest.js';
import { createQueryApp } from './query/app.js';
import type { Metrics } from './metrics/metrics.js';
import type { OwnTraces } from './own-traces/own-traces.js';
import { traceRequests } from './own-traces/trace-requests.js';
import type { MaskingRoutes } from './query/routes/masking.js';
import { createOtlpApp } from './receivers/otlp/app.js';
import type { OtlpCounters } from './receivers/otlp/counters.js';
import { createRerunApp } from './rerun/app.js';
import { loadThreads } from './thread-loader.js';

interface AppOptions {
  /** Whether the database has this version's schema; false until ClickHouse has been there. */
  readonly isPrepared: () => boolean;
  readonly intake: Pick<Ingest, 'accept' | 'flow' | 'replay' | 'touch' | 'settle'>;
  readonly counters: OtlpCounters;
  readonly metrics: Metrics;
  readonly inferThreads: boolean;
  readonly prices: PriceTable;
  readonly masking: MaskingRoutes;
  readonly access: Access;
  readonly guard: Guard;
  readonly isLetIn: (origin: string) => boolean;
  /** Where spans about requests go; nowhere unless given. */
  readonly ownTraces?: OwnTraces | undefined;
  /** Told, in a sentence, of what nobody foresaw. */
  readonly report: (message: string) => void;
}

/** An orchestrator gives it no longer to answer. */
const PING_MS = 900;

/** What can be told while ClickHouse has never been there. */
const WITHOUT_STORE: ReadonlySet<string> = new Set(['/api/v1/status', '/api/v1/openapi.json']);

const notPrepared = (): ColloquyError =>
  new ColloquyError(
    'STORE_UNAVAILABLE',
    'ClickHouse has not been there since the start. What is sent is kept and stored once it is.',
  );

/** All that is served over HTTP. */
export function createApp(
  client: ClickHouseClient,
  {
    isPrepared,
    intake,
    counters,
    metrics,
    inferThreads,
    prices,
    masking,
    access,
    guard,
    isLetIn,
    ownTraces,
    report,
  }: AppOptions,
): Hono {
  const otlp = createOtlpApp({
    intake,
    counters,
    admissionOf: guard.admissionOf,
    onInternalError: (error) => report(describeError(error)),
  });
  const projectOf = (request: Request): string => guard.principalOf(request).projectId;
  const erasing = createErasing({
    client,
    inferThreads,
    projectOf,
    onError: (error) => report(describeError(error)),
  });
  const app = new Hono();
  app.onError((error, context) =>
    answerRefusal(error, context, (thrown) => report(describeError(thrown))),
  );
  if (ownTraces !== undefined) app.use(traceRequests(ownTraces));
  // Where keys are asked for, the key decides, and the page has to be able to read why it was refused.
  app.use(
    '/v1/*',
    crossOrigin((origin) => access.isLocked || isLetIn(origin), OTLP_HEADERS),
  );
  app.use('/api/*', crossOrigin(isLetIn, QUERY_HEADERS));
  app.use('/v1/*', metrics.timeIngest);
  app.use(guard.middleware);
  for (const path of ['threads/:id', 'threads/:id/*', 'traces/*'])
    app.use(`/api/v1/${path}`, freshReads(intake.flow, projectOf));
  app.get('/metrics', async (context) =>
    context.body(await metrics.render(), 200, { 'content-type': metrics.contentType }),
  );
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.use('/api/v1/*', async ({ req }, next) => {
    if (!isPrepared() && !WITHOUT_STORE.has(req.path)) throw notPrepared();
    await next();
  });
  app.get('/readyz', async (context) => {
    const abort_signal = AbortSignal.timeout(PING_MS);
    const success = isPrepared() && (await client.ping({ select: false, abort_signal })).success;
    return context.json(
      { status: success ? 'ready' : 'ClickHouse cannot be reached' },
      success ? 200 : 503,
    );
  });
  app.route(
    '/api/v1',
    createRerunApp({
      client,
      now: Date.now,
      projectOf,
      touch: (traces) => intake.touch(traces),
      settle: () => intake.settle(),
      isErasing: () => erasing.isErasing(),
      onRun: (isRunning) => erasing.onRerun(isRunning),
      onError: (error) => report(`Rebuild broke off. ${describeError(error)}`),
    }),
  );
  app.route(
    '/api/v1',
    createQueryApp({
      client,
      loadThreads,
      inferThreads,
      prices,
      projectOf,
      access: { administration: access.administration, principalOf: guard.principalOf },
      masking,
      onInternalError: (error) => report(describeError(error)),
      received: (projectId) => counters.snapshot(projectId),
      extend: (api) => {
        erasing.addRoutes(api);
        addDeadLetterRoutes(api, {
          client,
          projectOf,
          replay: (frame) => intake.replay(frame),
          masking: shownMasking(masking.settings, (error) => report(describeError(error))),
          now: Date.now,
        });
      },
      status: (request) => {
        const { projectId, boundTo } = guard.principalOf(request);
        return {
          project_id: projectId,
          ...describeFlow(intake.flow.of(projectId)),
          received: counters.snapshot(projectId),
          denied: boundTo === undefined ? access.refusals : null,
        };
      },
    }),
  );
  app.all('*', (context) => otlp.fetch(context.req.raw));
  return app;
}
