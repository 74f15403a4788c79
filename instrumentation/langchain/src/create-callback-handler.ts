import { trace } from '@opentelemetry/api';
import { handlerOf, type CallbackHandler } from './callback-handler.js';
import { Runs } from './runs.js';
import { VERSION } from './version.js';

let handler: CallbackHandler | undefined;

/**
 * A handler to be given to LangChain by hand, `{ callbacks: [createCallbackHandler()] }`: for bundled
 * applications and other places where modules cannot be patched as they are loaded. It is the same one
 * each time, so that a run that hears of it twice is told once.
 */
export function createCallbackHandler(): CallbackHandler {
  handler ??= handlerOf(new Runs(), () =>
    trace.getTracer('@colloquy/instrumentation-langchain', VERSION),
  );
  return handler;
}
