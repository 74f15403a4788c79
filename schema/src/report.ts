import type { JsonObject } from './message.js';

/** What an application reports itself, beside the words of a message. */
export interface Report {
  /** Of a message: the id of the one that it stands in place of, and of the one that it follows. */
  readonly replaces?: string;
  readonly follows?: string;
  /** Of an event: what happened. */
  readonly eventName?: string;
  /** Of a message or an event. */
  readonly metadata?: JsonObject;
  /** Of a message, by its id: what is judged; a key with `null` is taken back, `null` alone takes back all. */
  readonly feedback?: JsonObject | null;
  /** What the application knows of the user. */
  readonly userProps?: JsonObject;
}
