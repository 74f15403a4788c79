import type { Attributes, Context } from '@opentelemetry/api';
import { contextAttributes } from './scope.js';
import { guard } from './warn.js';

/** What is needed of a span; both majors of the SDK have it. */
interface StartedSpan {
  setAttributes(attributes: Attributes): unknown;
}

/**
 * Gives every span, whoever starts it, the thread, user, tags and parent message of its context. To be
 * given to a tracer provider, before the processors that export:
 * `new NodeTracerProvider({ spanProcessors: [new ThreadSpanProcessor(), …] })`.
 */
export class ThreadSpanProcessor {
  onStart(span: StartedSpan, parentContext: Context): void {
    guard(() => span.setAttributes(contextAttributes(parentContext)));
  }

  onEnd(): void {
    // All is said at the start.
  }

  async forceFlush(): Promise<void> {
    // Nothing is held back.
  }

  async shutdown(): Promise<void> {
    // Nothing is held back.
  }
}
