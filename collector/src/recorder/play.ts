import type { Replies } from '@colloquy/fake-provider';
import { threadOf, type Scenario } from '../scenarios/scenario.js';

/** The ids a conversation is recorded under. */
export interface PlayThread {
  readonly threadId: string;
  readonly userId: string;
}

/** All that an app is told from outside. */
export interface Play {
  /** OTLP/HTTP base URL, without `/v1/traces`. */
  readonly otlpUrl: string;
  /** The fake provider's URL, without `/v1`. */
  readonly providerUrl: string;
  readonly scenario: Scenario;
  /** By the keys that steps name; a key is also the API key of its conversation's client. */
  readonly threads: Readonly<Record<string, PlayThread>>;
}

/** The conversations of a scenario and their ids, which no two recordings share. */
export const threadsOf = (
  producer: string,
  scenario: Scenario,
): Readonly<Record<string, PlayThread>> =>
  Object.fromEntries(
    [...new Set(scenario.steps.map(threadOf))].map((key) => [
      key,
      { threadId: `${producer}-${scenario.name}-${key}`, userId: `user-of-${key}` },
    ]),
  );

/** What the model says to a client: to one conversation's, or to one that serves them all. */
export const repliesOf =
  ({ steps }: Scenario) =>
  (client: string): Replies => {
    const own = steps.filter((step) => threadOf(step) === client);
    return (own.length > 0 ? own : steps).flatMap(({ replies, sideCalls = [] }) => [
      ...replies,
      ...sideCalls.map(({ reply }) => reply),
    ]);
  };
