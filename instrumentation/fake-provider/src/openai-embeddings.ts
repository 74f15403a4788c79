import { createHash } from 'node:crypto';
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from 'openai/resources/embeddings';
import type { UnscriptedRoute } from './api-shape.js';
import { countTokens } from './conversation.js';

/**
 * OpenAI embeddings: equal texts get equal vectors, which tell nothing of their meaning.
 * @see https://platform.openai.com/docs/api-reference/embeddings
 */
export const openaiEmbeddings: UnscriptedRoute = {
  matches: (path) => path === '/v1/embeddings',
  answer(body) {
    const params: EmbeddingCreateParams = JSON.parse(body);
    const texts = readInputs(params.input);
    const tokens = countTokens(texts.map((text) => ({ role: 'user', text })));
    return {
      object: 'list',
      data: texts.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: encode(embed(text, params.dimensions ?? DIMENSIONS), params.encoding_format),
      })),
      model: params.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    } satisfies WithBase64<CreateEmbeddingResponse>;
  },
};

type WithBase64<Response extends CreateEmbeddingResponse> = Omit<Response, 'data'> & {
  readonly data: readonly { readonly embedding: number[] | string }[];
};

/** Of a vector whose length was not asked for. */
export const DIMENSIONS = 8;

/** Each text or token list; a bare list of numbers is one token list. */
function readInputs(input: EmbeddingCreateParams['input']): string[] {
  if (typeof input === 'string') return [input];
  const isTokens = typeof input[0] === 'number';
  if (isTokens) return [JSON.stringify(input)];
  return input.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

/** A vector of length 1. */
export function embed(text: string, dimensions: number): number[] {
  const raw = Array.from({ length: dimensions }, (_, at) => {
    const digest = createHash('sha256').update(`${at} ${text}`).digest();
    return digest.readInt32BE(0);
  });
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

const encode = (vector: number[], format: EmbeddingCreateParams['encoding_format']) =>
  format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
