import { observe, whenForgotten, type Observer } from '@colloquy/threads/instrumentation';

/** What the promises of OpenAI's and Anthropic's SDKs are made of, the same in all majors so far. */
export interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: readonly unknown[]) => unknown;
  asResponse: () => Promise<unknown>;
}

export const isApiPromise = (value: object): value is ApiPromise =>
  'responsePromise' in value &&
  value.responsePromise instanceof Promise &&
  'parseResponse' in value &&
  typeof value.parseResponse === 'function' &&
  'asResponse' in value &&
  typeof value.asResponse === 'function';

/**
 * Watches an answer where the SDK parses it. The body is parsed only if the application asks for that: a
 * raw response, by `asResponse`, is left to it unread.
 */
export function tapApiPromise(promise: ApiPromise, observer: Observer): void {
  const { responsePromise } = promise;
  const parse = promise.parseResponse.bind(promise);
  const asResponse = promise.asResponse.bind(promise);
  let isParsed = false;
  const keep = whenForgotten(promise, observer);
  promise.responsePromise = responsePromise.then(undefined, (error: unknown) => {
    observer.failed(error);
    throw error;
  });
  promise.parseResponse = async (...args) => {
    isParsed = true;
    keep();
    try {
      return observe(await parse(...args), observer);
    } catch (error) {
      observer.failed(error);
      throw error;
    }
  };
  promise.asResponse = async () => {
    const response = await asResponse();
    keep();
    if (!isParsed) observer.done(undefined);
    return response;
  };
}
