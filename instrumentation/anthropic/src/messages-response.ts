import type Anthropic from '@anthropic-ai/sdk';
import {
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type GenerationResponse,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeMessages,
  toMessage,
} from '@colloquy/threads/instrumentation';

type Usage = Partial<Anthropic.Usage>;

/** A message as far as it is known; of a stream that broke off, the end is missing. */
export interface Answer {
  readonly id?: string;
  readonly model?: string;
  readonly content: readonly object[];
  readonly stop_reason?: string | null;
  readonly usage?: Usage;
}

/** Anthropic counts what the cache read and wrote apart; the conventions count it as input. */
const inputTokens = (usage: Usage = {}): number | undefined =>
  usage.input_tokens == null
    ? undefined
    : usage.input_tokens +
      (usage.cache_read_input_tokens ?? 0) +
      (usage.cache_creation_input_tokens ?? 0);

/** A message as it is answered. */
export const responseOf = ({ usage, content, ...answer }: Answer): GenerationResponse => ({
  attributes: knownAttributes({
    [ATTR_GEN_AI_RESPONSE_ID]: answer.id,
    [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: answer.stop_reason && [answer.stop_reason],
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: inputTokens(usage),
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.output_tokens,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cache_read_input_tokens,
    [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: usage?.cache_creation_input_tokens,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.output_tokens_details?.thinking_tokens,
  }),
  content: () => ({
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages([
      {
        ...toMessage({ role: 'assistant', content }),
        finish_reason: answer.stop_reason ?? 'error',
      },
    ]),
  }),
});
