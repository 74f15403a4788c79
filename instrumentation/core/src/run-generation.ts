import { context, type Context } from '@opentelemetry/api';
import {
  guard,
  observe,
  once,
  type Linkable,
  type Observer,
} from '@colloquy/threads/instrumentation';
import { isApiPromise, tapApiPromise } from './api-promise.js';
import type { Generation } from './generation.js';
import { linkable } from './link.js';

function begin<R>(ctx: Context, call: () => R, observer: Observer): R {
  try {
    return context.with(ctx, call);
  } catch (error) {
    observer.failed(error);
    throw error;
  }
}

/**
 * Makes a model call in its span. What the SDK returns is what the application gets: the same promise
 * with its methods, the same stream, the same error.
 */
export function runGeneration<R extends object>(
  generation: Generation | undefined,
  call: () => R,
): R & Linkable {
  if (generation === undefined) return linkable(call(), undefined);
  const observer = once(generation);
  const result = begin(generation.context, call, observer);
  if (!isApiPromise(result)) return linkable(observe(result, observer), generation);
  guard(() => tapApiPromise(result, observer));
  return linkable(result, generation);
}
