import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { stream } from 'hono/streaming';
import { rerun, type RerunOptions } from './rerun.js';

export type RerunAppOptions = Pick<RerunOptions, 'client' | 'now' | 'touch'> & {
  /** Whose records a request has read again; `default` where this is left out. */
  readonly projectOf?: (request: Request) => string;
  /** Resolves when all threads that were touched have been rebuilt. */
  readonly settle: () => Promise<void>;
  /** True while something is being erased: a run would write again what it has read before. */
  readonly isErasing?: () => Promise<boolean>;
  /** Told when a run begins and ends. */
  readonly onRun?: (isRunning: boolean) => void;
  /** Told of a run that failed half-way. */
  readonly onError: (error: unknown) => void;
};

/** One run at a time: a second would do the same work again. */
export function createRerunApp({
  projectOf = () => 'default',
  settle,
  isErasing = async () => false,
  onRun,
  onError,
  ...options
}: RerunAppOptions): Hono {
  let isRunning = false;
  const app = new Hono();
  app.post('/rebuild', csrf(), async (context) => {
    if (isRunning || (await isErasing())) {
      const what = isRunning ? 'A rebuild' : 'An erasure';
      const problem = { title: 'Conflict', status: 409, detail: `${what} is under way already.` };
      return context.json({ type: 'about:blank', ...problem }, 409, {
        'content-type': 'application/problem+json',
      });
    }
    isRunning = true;
    const projectId = projectOf(context.req.raw);
    onRun?.(true);
    const threadId = context.req.query('thread_id');
    context.header('content-type', 'application/x-ndjson');
    return stream(
      context,
      async (out) => {
        try {
          const run = rerun({ ...options, projectId, threadId });
          for await (const progress of run) await out.writeln(JSON.stringify(progress));
          await settle();
          await out.writeln(JSON.stringify({ done: true }));
        } finally {
          isRunning = false;
          onRun?.(false);
        }
      },
      async (error, out) => {
        onError(error);
        await out.writeln(JSON.stringify({ error: 'ClickHouse did not answer; run it again.' }));
      },
    );
  });
  return app;
}
