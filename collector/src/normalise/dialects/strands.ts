import type { AttributeValue } from '@colloquy/schema';
import type { Dialect } from '../dialect.js';

/** Whole milliseconds; OpenLIT writes fractions of seconds under the same key. */
const wholeMilliseconds = (value: AttributeValue): number | undefined =>
  typeof value === 'bigint' ? Number(value) / 1000 : undefined;

/**
 * Strands Agents: OTel GenAI events, which `otel-genai` reads, on the model calls and again on the
 * cycles of the agent's loop around them; the first token in milliseconds.
 */
export const strands: Dialect = {
  name: 'strands',
  marks: ['event_loop.cycle_id', 'event_loop.parent_cycle_id'],
  scopes: [/^strands\.telemetry\.tracer$/, /^strands-agents$/],
  kinds: [
    {
      key: 'gen_ai.operation.name',
      kinds: {
        execute_event_loop_cycle: 'chain',
        invoke_swarm: 'chain',
        invoke_graph: 'chain',
      },
    },
  ],
  names: [[/^(?:execute_event_loop_cycle|Cycle )/, 'chain']],
  fields: {
    timeToFirstChunk: [{ key: 'gen_ai.server.time_to_first_token', read: wholeMilliseconds }],
  },
};
