import type { Tracer } from '@opentelemetry/api';
import {
  Generation,
  runGeneration,
  serverAttributes,
  type GenerationRequest,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import { chatReader, chatRequest } from './chat.js';
import { embeddingsReader, embeddingsRequest } from './embeddings.js';
import { providerOf } from './provider.js';
import { responsesReader, responsesRequest } from './responses.js';

/** How the calls of one API are described. */
interface Api {
  /** From a client, or from the class of all clients, to what has its `create`. */
  readonly path: readonly string[];
  readonly describe: (
    body: never,
  ) => Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'>;
  readonly reader: ResponseReader;
}

/** The APIs that are watched. */
export const APIS: readonly Api[] = [
  { path: ['chat', 'completions'], describe: chatRequest, reader: chatReader },
  { path: ['responses'], describe: responsesRequest, reader: responsesReader },
  { path: ['embeddings'], describe: embeddingsRequest, reader: embeddingsReader },
];

type Create = (this: unknown, body: never, ...rest: readonly unknown[]) => object;

const baseUrlOf = (resource: unknown): unknown =>
  (resource as { readonly _client?: { readonly baseURL?: unknown } })._client?.baseURL;

/** `create` of an API, in a span; @param tracerOf - asked at each call, for it may change */
export const patchCreate = (
  create: Create,
  { describe, reader }: Api,
  tracerOf: () => Tracer | undefined,
): Create =>
  function tracedCreate(this: unknown, body, ...rest) {
    const call = (): object => create.call(this, body, ...rest);
    const tracer = tracerOf();
    if (tracer === undefined) return call();
    const generation = Generation.start(
      tracer,
      () => {
        const { attributes, ...request } = describe(body);
        const baseUrl = baseUrlOf(this);
        return {
          ...request,
          provider: providerOf(baseUrl),
          attributes: { ...attributes, ...serverAttributes(baseUrl) },
        };
      },
      reader,
    );
    return runGeneration(generation, call);
  };
