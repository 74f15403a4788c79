import { problemShape } from '@colloquy/schema';
import type { z } from '@hono/zod-openapi';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemShape } },
});

/** What a route can answer: the answer itself, or a problem. */
export const responsesOf = <Shape extends z.ZodType>(description: string, schema: Shape) => ({
  200: { description, content: { 'application/json': { schema } } },
  400: problem('A parameter has a wrong value.'),
  404: problem('There is no such thing.'),
  503: problem('ClickHouse does not answer; try again.'),
});
