import type { Json } from '@colloquy/schema';
import type { Dialect, FieldKey } from '../dialect.js';
import { plainOrJson, saidOrJson } from '../content-rules.js';
import { numberInside, secondsUntil } from '../field-readers.js';
import { isObject } from '../messages/json.js';
import { withNamedResults } from '../named-results.js';
import { asJson } from '../read-value.js';

const USAGE = 'langfuse.observation.usage_details';

/**
 * Langfuse's own counts are disjoint: `input` leaves out what `input_cached_tokens` and its like
 * count, so that all that start so add up.
 */
const sumOf = (side: 'input' | 'output'): FieldKey => ({
  key: USAGE,
  read: (value) => {
    const usage: Json = asJson(value);
    if (!isObject(usage) || typeof usage[side] !== 'number') return undefined;
    return Object.entries(usage)
      .filter(([name]) => name === side || name.startsWith(`${side}_`))
      .reduce((sum, [, count]) => sum + (typeof count === 'number' ? count : 0), 0);
  },
});

/**
 * Langfuse's SDKs, Python 3 on and JS 4 on. Input and output are what the app or an integration
 * handed over, mostly a request and a message of OpenAI's, or the plain text of a stream.
 */
export const langfuse: Dialect = {
  name: 'langfuse',
  marks: ['langfuse.observation.', 'langfuse.trace.', 'langfuse.internal.'],
  scopes: [/^langfuse-sdk$/],
  kinds: [
    {
      key: 'langfuse.observation.type',
      kinds: {
        generation: 'llm',
        embedding: 'embedding',
        agent: 'agent',
        tool: 'tool',
        chain: 'chain',
        span: 'chain',
        retriever: 'retriever',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
      },
    },
  ],
  fields: {
    requestModel: ['langfuse.observation.model.name'],
    inputTokens: [sumOf('input'), numberInside(USAGE, 'input', 'prompt_tokens', 'input_tokens')],
    outputTokens: [
      sumOf('output'),
      numberInside(USAGE, 'output', 'completion_tokens', 'output_tokens'),
    ],
    cacheReadInputTokens: [
      numberInside(
        USAGE,
        'input_cached_tokens',
        'input_cache_read',
        'prompt_tokens_details.cached_tokens',
        'input_tokens_details.cached_tokens',
        'cache_read_input_tokens',
      ),
    ],
    cacheWriteInputTokens: [
      numberInside(
        USAGE,
        'input_cache_creation',
        'input_cache_write',
        'cache_creation_input_tokens',
      ),
    ],
    reasoningOutputTokens: [
      numberInside(
        USAGE,
        'output_reasoning_tokens',
        'output_reasoning',
        'completion_tokens_details.reasoning_tokens',
        'output_tokens_details.reasoning_tokens',
      ),
    ],
    reportedCostUsd: [numberInside('langfuse.observation.cost_details', 'total')],
    timeToFirstChunk: [secondsUntil('langfuse.observation.completion_start_time')],
    errorType: [
      {
        key: 'langfuse.observation.level',
        read: (value) => (value === 'ERROR' ? 'ERROR' : undefined),
      },
    ],
  },
  input: [
    withNamedResults(saidOrJson('langfuse.observation.input', 'input')),
    plainOrJson('langfuse.trace.input', 'input'),
  ],
  output: [
    withNamedResults(saidOrJson('langfuse.observation.output', 'output')),
    plainOrJson('langfuse.trace.output', 'output'),
  ],
};
