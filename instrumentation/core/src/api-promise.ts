import { observe, whenForgotten, type Observer } from '@colloquy/threads/instrumentation';

/** What the promises of OpenAI's and Anthropic's SDKs are made of, the same in all majors so far. */
export interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: readonly unknown[]) => unknown;
  asResponse: () => Promise<unknown>;
  /** What helpers make their own promise with. */
  _thenUnwrap?: (transform: (answer: unknown, props: unknown) => unknown) => object;
}

export const isApiPromise = (value: unknown): value is ApiPromise =>
  typeof value === 'object' &&
  value !== null &&
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
  // Of the class it goes by `parseResponse`; OpenAI's SDK 7 gives each promise one that does not.
  if (Object.hasOwn(promise, '_thenUnwrap') && promise._thenUnwrap !== undefined) {
    const unwrap = promise._thenUnwrap.bind(promise);
    promise._thenUnwrap = (transform) => {
      keep();
      const unwrapped = unwrap((answer, props) => transform(observe(answer, observer), props));
      whenForgotten(unwrapped, observer);
      // Both stand for one response: a failure that nobody handles is told once, as without us.
      if (isApiPromise(unwrapped)) unwrapped.responsePromise = promise.responsePromise;
      return unwrapped;
    };
  }
}
