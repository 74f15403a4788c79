import { context, type Span } from '@opentelemetry/api';
import { threadOfMessage } from './known-messages.js';
import { parentAttributes, scopeAttributes, withParentMessage, withScope } from './scope.js';
import { contextOfThread } from './tracked-span.js';
import { guard } from './warn.js';

/** What can be tied to the message that set it off after it has begun. */
export interface Linkable {
  /**
   * Ties this run to a message. To be called at once, before the first `await`.
   * @param messageId - as `trackMessage` returned it, here or in the browser
   */
  setParent(messageId: string): this;
}

/** Ties a span that has begun to the message that set it off, and to its thread where that is known here. */
export function linkSpan(span: Span, messageId: string): void {
  guard(() => {
    const scope = threadOfMessage.get(messageId);
    span.setAttributes({
      ...(scope && scopeAttributes(scope)),
      ...parentAttributes(messageId),
    });
  });
}

/**
 * Runs a function; every span started inside, by anyone, is tied to the message that set it off.
 *
 * @param messageId - as `trackMessage` returned it, here or in the browser
 */
export function withParent<T>(messageId: string, fn: () => T): T {
  const scope = threadOfMessage.get(messageId);
  const active =
    scope === undefined ? context.active() : withScope(contextOfThread(scope.threadId), scope);
  const [inside] = withParentMessage(active, messageId);
  return context.with(inside, fn);
}
