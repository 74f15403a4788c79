import {
  serverAttributes,
  type ModelMethod,
  type ResponseReader,
  type WatchedMethod,
} from '@colloquy/instrumentation-core';
import { collectMessage } from './message-collector.js';
import { messagesRequest, type Request } from './messages-request.js';
import { responseOf, type Answer } from './messages-response.js';
import { providerOf } from './provider.js';

const reader: ResponseReader = {
  read: (answer) => responseOf(answer as Answer),
  collect: collectMessage,
};

const baseUrlOf = (resource: unknown): unknown =>
  (resource as { readonly _client?: { readonly baseURL?: unknown } })._client?.baseURL;

const create = (path: readonly string[]): ModelMethod => ({
  path,
  name: 'create',
  describe: ([body], resource) => {
    const { attributes, ...request } = messagesRequest(body as Request);
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
  create(['messages']),
  create(['beta', 'messages']),
  { path: ['messages'], name: 'stream' },
  { path: ['beta', 'messages'], name: 'stream' },
];
