import type { Context } from 'hono';
import { methodsOf } from './access/rules.js';
import { answerProblem, toColloquyError } from './query/problem.js';
import { answerError } from './receivers/otlp/app.js';

/** Answers what stands before all routes has thrown, each door in its own words. */
export function answerRefusal(
  thrown: unknown,
  context: Context,
  onInternalError: (error: unknown) => void,
): Response {
  const error = toColloquyError(thrown);
  if (error.code === 'INTERNAL') onInternalError(thrown);
  const { path } = context.req;
  const allow = error.code === 'METHOD_NOT_ALLOWED' ? methodsOf(path).join(', ') : undefined;
  return path.startsWith('/v1/')
    ? answerError(context, error, allow === undefined ? {} : { Allow: allow })
    : answerProblem(error, allow);
}
