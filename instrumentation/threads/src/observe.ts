import { guard } from './warn.js';

/** How what was begun came to its end; exactly one of the last three is called, once. */
export interface Observer {
  /** A piece of a stream, as it passes. */
  chunk?(piece: unknown): void;
  done(result: unknown): void;
  failed(error: unknown): void;
  /** Left before its end: the loop was broken off, the call aborted, the stream forgotten. */
  cancelled(): void;
}

export const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** What the platform, the SDKs of OpenAI and Anthropic, and LangChain throw when they are aborted. */
const ABORTS: ReadonlySet<string> = new Set(['AbortError', 'APIUserAbortError', 'ModelAbortError']);

const isAbort = (error: unknown): boolean =>
  guard(
    () => error instanceof Error && (ABORTS.has(error.name) || ABORTS.has(error.constructor.name)),
  ) ?? false;

/** An observer that hears one end only and never throws. */
export function once(observer: Observer): Observer {
  let isOver = false;
  const end = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    guard(tell);
  };
  return {
    chunk: (piece) => {
      if (!isOver) guard(() => observer.chunk?.(piece));
    },
    done: (result) => end(() => observer.done(result)),
    failed: (error) => end(() => (isAbort(error) ? observer.cancelled() : observer.failed(error))),
    cancelled: () => end(() => observer.cancelled()),
  };
}

const forgotten = new FinalizationRegistry<Observer>((observer) => observer.cancelled());

/**
 * Ends what is watched when nobody can read it any more. @param observer - must not lead back to `target`
 *
 * @returns takes it back
 */
export function whenForgotten(target: object, observer: Observer): () => void {
  const token = {};
  forgotten.register(target, observer, token);
  return () => forgotten.unregister(token);
}

type Step = IteratorResult<unknown>;

/** @param left - told when the iterator is forgotten; it must not lead back to it */
function tapIterator(
  iterator: AsyncIterator<unknown>,
  observer: Observer,
  left: Observer = observer,
): void {
  const next = iterator.next.bind(iterator);
  const stop = iterator.return?.bind(iterator);
  const raise = iterator.throw?.bind(iterator);
  const pass = async (step: Promise<Step>): Promise<Step> => {
    try {
      const result = await step;
      if (result.done === true) observer.done(undefined);
      else observer.chunk?.(result.value);
      return result;
    } catch (error) {
      observer.failed(error);
      throw error;
    }
  };
  iterator.next = (...args) => pass(next(...args));
  if (stop !== undefined)
    iterator.return = (value) => {
      observer.cancelled();
      return stop(value);
    };
  if (raise !== undefined)
    iterator.throw = (error) => {
      observer.failed(error);
      return raise(error);
    };
  whenForgotten(iterator, left);
}

/** The method that begins to read a stream; those of OpenAI and Anthropic read by one of their own, when split too. */
const beginOf = (stream: object): string | symbol =>
  'iterator' in stream && typeof stream.iterator === 'function' ? 'iterator' : Symbol.asyncIterator;

/** True for a stream that its application has aborted: those of OpenAI and Anthropic then end without an error. */
const isAborted = (stream: object): boolean =>
  'controller' in stream &&
  stream.controller instanceof AbortController &&
  stream.controller.signal.aborted;

function tap(stream: AsyncIterable<unknown>, heard: Observer): void {
  if ('next' in stream) {
    tapIterator(stream as unknown as AsyncIterator<unknown>, heard);
    return;
  }
  const method = beginOf(stream);
  const begin = Reflect.get(stream, method) as () => AsyncIterator<unknown>;
  const keep = whenForgotten(stream, heard);
  Object.defineProperty(stream, method, {
    configurable: true,
    // SDKs set `iterator` again themselves.
    writable: true,
    value: () => {
      const iterator = begin.call(stream);
      // From here on the iterator is what is read; the stream itself may be let go of.
      keep();
      const done = (): void => (isAborted(stream) ? heard.cancelled() : heard.done(undefined));
      guard(() => tapIterator(iterator, { ...heard, done }, heard));
      return iterator;
    },
  });
}

function watch(result: unknown, heard: Observer): unknown {
  if (result instanceof Promise)
    return result.then(
      (value: unknown) => watch(value, heard),
      (error: unknown) => {
        heard.failed(error);
        throw error;
      },
    );
  if (isIterable(result)) guard(() => tap(result, heard));
  else heard.done(result);
  return result;
}

/**
 * Watches what a call returns: a stream, a promise of a stream or of a value, or a value. What passes
 * is not touched, and a stream stays the object that it is, with all its methods. A stream ends once,
 * when it is read to its end, fails, is broken off or forgotten.
 */
export const observe = <T>(result: T, observer: Observer): T => watch(result, once(observer)) as T;
