import { once, whenForgotten, type Observer } from '@colloquy/threads/instrumentation';
import { fieldsOf } from './fields.js';

/** Parts that come before the provider has said anything, and those that repeat it. */
const SILENT: ReadonlySet<unknown> = new Set(['stream-start', 'raw', 'ping']);

function hear(part: unknown, observer: Observer): void {
  const { type, error } = fieldsOf(part);
  if (type === 'error') observer.failed(error);
  else if (!SILENT.has(type)) observer.chunk?.(part);
}

/** Ends what is heard when the call is aborted, for the SDK then lets go of the stream unread. */
function untilAborted(observer: Observer, signal: AbortSignal): Observer {
  const abort = (): void => heard.cancelled();
  const over = (tell: () => void): void => {
    signal.removeEventListener('abort', abort);
    tell();
  };
  const heard = once({
    chunk: (part) => observer.chunk?.(part),
    done: (result) => over(() => observer.done(result)),
    failed: (error) => over(() => observer.failed(error)),
    cancelled: () => over(() => observer.cancelled()),
  });
  signal.addEventListener('abort', abort);
  return heard;
}

/**
 * A stream with the same parts, read only as it is read itself. What is heard ends with the stream: when
 * it is read to its end, fails, is cancelled, aborted or forgotten.
 *
 * @param signal - that aborts the call
 */
export function tapStream<T>(
  stream: ReadableStream<T>,
  given: Observer,
  signal?: unknown,
): ReadableStream<T> {
  const observer = signal instanceof AbortSignal ? untilAborted(given, signal) : once(given);
  const reader = stream.getReader();
  const tapped = new ReadableStream<T>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) {
            observer.done(undefined);
            controller.close();
          } else {
            hear(value, observer);
            controller.enqueue(value);
          }
        } catch (error) {
          observer.failed(error);
          controller.error(error);
        }
      },
      cancel: (reason) => {
        observer.cancelled();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  whenForgotten(tapped, observer);
  return tapped;
}
