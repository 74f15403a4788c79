import {
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type Collector,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeMessages,
  toParts,
  type Message,
} from '@colloquy/threads/instrumentation';
import { fieldsOf, firstOf, listOf, type Fields } from './fields.js';
import { toGenAiMessage } from './messages.js';

const REASONS = [
  'finish_reason',
  'stop_reason',
  'finishReason',
  'stopReason',
  'done_reason',
] as const;
const MODELS = ['model_name', 'model', 'modelName', 'modelId', 'model_id'] as const;

/** Ids that LangChain gives where a provider has none. */
const OWN_ID = /^(?:lc_)?run-/;

/** What a provider said of an answer; of chat models on the message, of others on the generation. */
const metadataOf = (generation: Fields): Fields => ({
  ...fieldsOf(generation['generationInfo']),
  ...fieldsOf(fieldsOf(generation['message'])['response_metadata']),
});

const reasonOf = (generation: Fields, isPart: boolean): string => {
  const reason = firstOf(metadataOf(generation), REASONS);
  if (typeof reason === 'string') return reason;
  if (isPart) return 'error';
  const calls = listOf(fieldsOf(generation['message'])['tool_calls']);
  return calls.length > 0 ? 'tool_calls' : 'stop';
};

const saidOf = ({ message, text }: Fields): Message =>
  message === undefined
    ? { role: 'assistant', parts: toParts(text) }
    : { ...toGenAiMessage(message), role: 'assistant' };

/** The id of an answer as the provider gave it, for it may be told by others too. */
function idOf(message: Fields, metadata: Fields): unknown {
  const { id } = message;
  return metadata['id'] ?? (typeof id === 'string' && !OWN_ID.test(id) ? id : undefined);
}

/** @param isPart - of an answer that has broken off */
function responseOf(generations: readonly Fields[], isPart: boolean): GenerationResponse {
  const message = fieldsOf(generations[0]?.['message']);
  const metadata = metadataOf(generations[0] ?? {});
  const usage = fieldsOf(message['usage_metadata']);
  const input = fieldsOf(usage['input_token_details']);
  const output = fieldsOf(usage['output_token_details']);
  const reasons = generations.map((generation) => reasonOf(generation, isPart));
  return {
    attributes: knownAttributes({
      [ATTR_GEN_AI_RESPONSE_ID]: idOf(message, metadata),
      [ATTR_GEN_AI_RESPONSE_MODEL]: firstOf(metadata, MODELS),
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: reasons,
      [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage['input_tokens'],
      [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage['output_tokens'],
      [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: input['cache_read'],
      [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: input['cache_creation'],
      [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: output['reasoning'],
    }),
    content: () => ({
      [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(
        generations.map((generation, index) => ({
          ...saidOf(generation),
          finish_reason: reasons[index] ?? 'error',
        })),
      ),
    }),
  };
}

interface Joinable {
  concat(next: unknown): Joinable;
}

const isJoinable = (value: unknown): value is Joinable =>
  typeof fieldsOf(value)['concat'] === 'function';

/** LangChain joins the pieces itself; here they are kept for the case that it comes to no end. */
function collect(): Collector {
  const pieces: Joinable[] = [];
  return {
    add: (piece) => {
      if (isJoinable(piece)) pieces.push(piece);
    },
    response: () => {
      const [first, ...others] = pieces;
      if (first === undefined) return { attributes: {}, content: () => ({}) };
      const joined = others.reduce((before, piece) => before.concat(piece), first);
      return responseOf([fieldsOf(joined)], true);
    },
  };
}

/** Answers as LangChain hands them over: an `LLMResult`, and the chunks of one. */
export const modelReader: ResponseReader = {
  read: (result) =>
    responseOf(listOf(listOf(fieldsOf(result)['generations'])[0]).map(fieldsOf), false),
  collect,
};
