import { BoundedMap } from './bounded-map.js';
import type { Scope } from './scope.js';

const MAX_MESSAGES = 10_000;

/** The threads of messages that this process has tracked of late: a message id alone leads to its thread. */
export const threadOfMessage = new BoundedMap<string, Scope>(MAX_MESSAGES);
