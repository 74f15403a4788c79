import type { EmbedContentParameters, EmbedContentResponse } from '@google/genai';
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  knownAttributes,
  type GenerationRequest,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import { ATTR_GEN_AI_USAGE_INPUT_TOKENS } from '@colloquy/threads/instrumentation';

/** Embeddings as they are asked for; what is embedded is not recorded. */
export const embedRequest = ({
  model,
  config,
}: EmbedContentParameters): Pick<
  GenerationRequest,
  'operation' | 'model' | 'attributes' | 'content'
> => ({
  operation: 'embeddings',
  model,
  attributes: knownAttributes({
    [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: config?.outputDimensionality,
  }),
  content: () => ({}),
});

/** Vertex AI alone counts, and each text by itself. */
function tokensOf({ embeddings = [] }: EmbedContentResponse): number | undefined {
  const counts = embeddings.flatMap(({ statistics }) => statistics?.tokenCount ?? []);
  return counts.length === 0 ? undefined : counts.reduce((total, count) => total + count, 0);
}

const responseOf = (answer: EmbedContentResponse): GenerationResponse => ({
  attributes: knownAttributes({ [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: tokensOf(answer) }),
  content: () => ({}),
});

/** Embeddings as they are answered, never in pieces. */
export const embedReader: ResponseReader = {
  read: (answer) => responseOf(answer as EmbedContentResponse),
  collect: () => ({ add: () => undefined, response: () => responseOf({}) }),
};
