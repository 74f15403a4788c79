import type { Dialect } from '../dialect.js';
import { saidOrJson } from '../content-rules.js';

/**
 * Laminar. Its instrumentations write OTel's message attributes, filled with the requests and
 * answers of the provider as they are; before 2026 OpenLLMetry's numbered ones.
 */
export const laminar: Dialect = {
  name: 'laminar',
  marks: ['lmnr.span.', 'lmnr.association.properties.'],
  scopes: [/^lmnr\.tracer$/, /^@lmnr-ai\//],
  kinds: [
    {
      key: 'lmnr.span.type',
      kinds: {
        llm: 'llm',
        cached: 'llm',
        tool: 'tool',
        default: 'chain',
        pipeline: 'chain',
        executor: 'chain',
        evaluation: 'chain',
        evaluator: 'evaluator',
        human_evaluator: 'evaluator',
      },
    },
  ],
  input: [saidOrJson('lmnr.span.input', 'input')],
  output: [saidOrJson('lmnr.span.output', 'output')],
};
