import type { Scenario } from './scenario.js';

/** What an emitter app is told from outside. */
export interface EmitterOptions {
  /** OTLP/HTTP base URL, without `/v1/traces`. */
  readonly otlpUrl: string;
  /** The fake provider's URL, without `/v1`. */
  readonly providerUrl: string;
  readonly threadId: string;
  readonly userId: string;
  readonly scenario: Scenario;
}

/** Holds the scenario's conversation through one SDK; resolves when all telemetry has left. */
export type RunEmitter = (options: EmitterOptions) => Promise<void>;

/** Asks one question, streamed or not, and gives the answer. */
export type Ask = (user: string, stream: boolean) => Promise<string>;

/** Runs the app's tool; emitters wrap it in their own kind of tool span. */
export type CallTool = (input: unknown) => Promise<string>;

/** The tool itself: it knows one answer, whatever it is asked. */
export const createTool =
  ({ tool }: Scenario): CallTool =>
  async () =>
    JSON.stringify(tool.result);

/**
 * The client's API key: the fake provider keeps the failures of different keys apart, so several
 * emitters may use one provider at a time.
 */
export const apiKeyOf = ({ threadId }: EmitterOptions): string => `key-of-${threadId}`;

/** The app's own retry: the SDK has its retries off, so that each attempt is a call of its own. */
export async function retryOnce<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch {
    return call();
  }
}
