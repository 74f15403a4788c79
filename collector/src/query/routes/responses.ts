import { problemShape } from '@colloquy/schema';
import type { z } from '@hono/zod-openapi';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemShape } },
});

const REFUSALS = {
  401: problem('A key is needed, or the one shown is not valid.'),
  403: problem('The key does not allow this.'),
  429: problem('The rate limit of the key is reached; Retry-After tells when to come back.'),
};

/** What a route that changes something can answer beside the change. */
export const changesOf = () => ({
  400: problem('A value is wrong.'),
  ...REFUSALS,
  404: problem('There is no such thing.'),
  409: problem('This cannot be done as things are.'),
  503: problem('ClickHouse does not answer; try again.'),
});

/** What a route can answer: the answer itself, or a problem. */
export const responsesOf = <Shape extends z.ZodType>(description: string, schema: Shape) => ({
  200: { description, content: { 'application/json': { schema } } },
  400: problem('A parameter has a wrong value.'),
  ...REFUSALS,
  404: problem('There is no such thing.'),
  503: problem('ClickHouse does not answer; try again.'),
});
