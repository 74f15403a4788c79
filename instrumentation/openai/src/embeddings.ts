import type OpenAI from 'openai';
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  ATTR_GEN_AI_RESPONSE_MODEL,
  knownAttributes,
  type GenerationRequest,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import { ATTR_GEN_AI_USAGE_INPUT_TOKENS } from '@colloquy/threads/instrumentation';

/** Embeddings as they are asked for; the texts are not recorded. */
export const embeddingsRequest = (
  body: OpenAI.EmbeddingCreateParams,
): Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'> => ({
  operation: 'embeddings',
  model: body.model,
  attributes: knownAttributes({
    [ATTR_GEN_AI_REQUEST_ENCODING_FORMATS]: body.encoding_format && [body.encoding_format],
    [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: body.dimensions,
  }),
  content: () => ({}),
});

/** Embeddings as they are answered. */
export const embeddingsReader: ResponseReader = {
  read: (answer) => {
    const { model, usage } = answer as OpenAI.CreateEmbeddingResponse;
    return {
      attributes: knownAttributes({
        [ATTR_GEN_AI_RESPONSE_MODEL]: model,
        [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage?.prompt_tokens,
      }),
      content: () => ({}),
    };
  },
  collect: () => ({
    add: () => undefined,
    response: () => ({ attributes: {}, content: () => ({}) }),
  }),
};
