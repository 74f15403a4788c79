import {
  serverAttributes,
  type GenerationRequest,
  type ModelMethod,
  type ResponseReader,
  type WatchedMethod,
} from '@colloquy/instrumentation-core';
import { chatReader, chatRequest } from './chat.js';
import { embeddingsReader, embeddingsRequest } from './embeddings.js';
import { providerOf } from './provider.js';
import { responsesReader, responsesRequest } from './responses.js';

type Described = Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'>;

const baseUrlOf = (resource: unknown): unknown =>
  (resource as { readonly _client?: { readonly baseURL?: unknown } })._client?.baseURL;

const create = (
  path: readonly string[],
  describe: (body: never) => Described,
  reader: ResponseReader,
): ModelMethod => ({
  path,
  name: 'create',
  describe: ([body], resource) => {
    const { attributes, ...request } = describe(body as never);
    const baseUrl = baseUrlOf(resource);
    return {
      ...request,
      provider: providerOf(baseUrl),
      attributes: { ...attributes, ...serverAttributes(baseUrl) },
    };
  },
  reader,
});

/** The methods of a client that are watched; helpers go through `create`. */
export const METHODS: readonly WatchedMethod[] = [
  create(['chat', 'completions'], chatRequest, chatReader),
  create(['responses'], responsesRequest, responsesReader),
  create(['embeddings'], embeddingsRequest, embeddingsReader),
  { path: ['chat', 'completions'], name: 'stream' },
  // Of version 4.
  { path: ['beta', 'chat', 'completions'], name: 'stream' },
  { path: ['responses'], name: 'stream' },
];
