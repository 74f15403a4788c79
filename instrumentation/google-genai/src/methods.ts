import {
  ATTR_GEN_AI_REQUEST_STREAM,
  serverAttributes,
  watchClient,
  type GenerationRequest,
  type ModelMethod,
  type ResponseReader,
  type TracerOf,
  type WatchedMethod,
} from '@colloquy/instrumentation-core';
import { guard } from '@colloquy/threads/instrumentation';
import { embedReader, embedRequest } from './embed.js';
import { generateRequest } from './generate-request.js';
import { generateReader } from './generate-response.js';

type Described = Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'>;

/** What `models` has of the client, in all versions so far. */
interface ApiClient {
  isVertexAI(): boolean;
  getBaseUrl(): string;
}

const call = (
  name: string,
  describe: (params: never) => Described,
  reader: ResponseReader,
): ModelMethod => ({
  path: ['models'],
  name,
  describe: ([params], models) => {
    const { attributes, ...request } = describe(params as never);
    const { apiClient } = models as { readonly apiClient: ApiClient };
    return {
      ...request,
      provider: apiClient.isVertexAI() ? 'gcp.vertex_ai' : 'gcp.gemini',
      attributes: { ...attributes, ...serverAttributes(apiClient.getBaseUrl()) },
    };
  },
  reader,
});

const streamRequest = (params: Parameters<typeof generateRequest>[0]): Described => {
  const { attributes, ...request } = generateRequest(params);
  return { ...request, attributes: { ...attributes, [ATTR_GEN_AI_REQUEST_STREAM]: true } };
};

/**
 * The methods of a client that are watched. Those of the public API may call a model several times, where
 * they run functions or go on with an answer that was cut; each of these calls goes through one of the inner.
 */
const METHODS: readonly WatchedMethod[] = [
  call('generateContentInternal', generateRequest, generateReader),
  call('generateContentStreamInternal', streamRequest, generateReader),
  call('embedContentInternal', embedRequest, embedReader),
  { path: ['models'], name: 'generateContent' },
  { path: ['models'], name: 'generateContentStream' },
  { path: ['models'], name: 'embedContent' },
];

/** Those of a chat, which go through `models`. */
const CHAT_METHODS: readonly WatchedMethod[] = [
  { path: [], name: 'sendMessage' },
  { path: [], name: 'sendMessageStream' },
];

interface Chats {
  create(...args: readonly unknown[]): object;
}

/** What makes chats that are watched already. */
const watched = new WeakSet<object>();

/** Records the calls of one client, and returns it. */
export function watchGoogleGenAI<T extends object>(client: T, tracerOf: TracerOf): T {
  guard(() => {
    const { chats } = client as { readonly chats?: Chats };
    if (chats === undefined || watched.has(chats)) return;
    watched.add(chats);
    const create = chats.create.bind(chats);
    chats.create = (...args) => watchClient(create(...args), CHAT_METHODS, tracerOf);
  });
  return watchClient(client, METHODS, tracerOf);
}
