/** One thing that keeps conversations from coming out right, and how to find it in the store. */
export interface Check {
  /** Its name in answers; stable. */
  readonly name: string;
  /** What is wrong, as a sentence about the things counted. */
  readonly title: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  /**
   * A `SELECT` of {@link CheckRow}: one row for each emitter it was found with. Bound parameters:
   * `projectId`, `since` and `now` (Unix time in seconds), `blank` (hashes of messages that say nothing) and
   * `limit`, the most rows to give.
   */
  readonly sql: string;
  readonly remedy: Remedy;
}

/** What a check finds with one emitter. */
export interface CheckRow {
  /** The dialect, the scope or the service that the remedy is for; may be empty. */
  readonly emitter: string;
  readonly count: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly name: string;
  readonly service: string;
}

/** What mends it. */
export interface Advice {
  readonly advice: string;
  /** A line to put into the app, its environment or its configuration; absent where there is none. */
  readonly setting?: string;
}

export type Remedy = (emitter: string) => Advice;
