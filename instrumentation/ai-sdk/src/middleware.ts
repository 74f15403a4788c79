import { globalTracer, recordGenerate, recordStream } from './record-call.js';

/** What is needed of a call; all versions of the interface have it. */
interface Call {
  readonly model: { readonly provider: string; readonly modelId: string };
  readonly params: unknown;
}

/** A middleware of language models, for every version of the interface: v2, v3 and v4. */
export interface ColloquyMiddleware {
  readonly specificationVersion: 'v3';
  wrapGenerate<R>(options: Call & { readonly doGenerate: () => PromiseLike<R> }): Promise<R>;
  wrapStream<P, R extends { readonly stream: ReadableStream<P> }>(
    options: Call & { readonly doStream: () => PromiseLike<R & { stream: ReadableStream<P> }> },
  ): Promise<R>;
}

/**
 * Records every call of a model: `wrapLanguageModel({ model, middleware: colloquyMiddleware() })`. What
 * the model answers, throws and streams is passed on as it is.
 */
export const colloquyMiddleware = (): ColloquyMiddleware => ({
  specificationVersion: 'v3',
  wrapGenerate: ({ model: { provider, modelId }, params, doGenerate }) =>
    recordGenerate({ provider, modelId, params }, globalTracer, doGenerate),
  wrapStream: ({ model: { provider, modelId }, params, doStream }) =>
    recordStream({ provider, modelId, params }, globalTracer, doStream),
});
