import { encodeJson } from './capture.js';
import { threadOfMessage } from './known-messages.js';
import { scopeAttributes, scopeOf, userAttributes, type User } from './scope.js';
import {
  ATTR_COLLOQUY_FEEDBACK,
  ATTR_COLLOQUY_MESSAGE_ID,
  ATTR_COLLOQUY_SPAN_KIND,
} from './semconv.js';
import { reportSpan } from './tracked-span.js';
import { guard } from './warn.js';

/** A user's judgement of a message; a key with `null` is taken back. */
export interface Feedback {
  readonly thumb?: 'up' | 'down' | null;
  readonly comment?: string | null;
  readonly [key: string]: unknown;
}

/**
 * Reports what a user thinks of a message, at any time and from any process: its id is enough.
 *
 * @param messageId - as `trackMessage` returned it, or as the API gives it
 * @param feedback - what is said replaces what was said before under the same keys; `null` takes back all
 */
export function trackFeedback(messageId: string, feedback: Feedback | null, user: User = {}): void {
  guard(() => {
    const scope = threadOfMessage.get(messageId) ?? scopeOf();
    reportSpan(
      'feedback',
      {
        [ATTR_COLLOQUY_SPAN_KIND]: 'feedback',
        [ATTR_COLLOQUY_MESSAGE_ID]: messageId,
        [ATTR_COLLOQUY_FEEDBACK]: encodeJson(feedback),
        ...(scope && scopeAttributes(scope)),
        ...userAttributes(user),
      },
      scope?.threadId,
    );
  });
}
