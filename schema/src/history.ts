/**
 * What has to be known of one trace to tell which other it continues. Marks are digests of a
 * conversation up to some place; where an answer of one trace and the history of another
 * have the same mark, the second goes on from the first.
 */
export interface TraceHistory {
  readonly traceId: string;
  /** When its first call began. */
  readonly startedAt: bigint;
  /** The users that it names, in one text; `''` for none. */
  readonly userId: string;
  /** The thread id it was given; `undefined` when nobody named one. */
  readonly threadId: string | undefined;
  /** For each call that goes on from elsewhere, the marks it may go on from, best first. */
  readonly begins: readonly (readonly string[])[];
  /** The marks after each of its answers. */
  readonly ends: readonly string[];
}

/** A trace and the trace that it goes on from. */
export interface JoinedTrace extends TraceHistory {
  readonly parent: string | undefined;
  /** The first trace of its conversation; itself when it goes on from none. */
  readonly root: string;
  /** True when it goes on from several conversations that were alike so far, and so from none. */
  readonly isAmbiguous: boolean;
}

/** A trace and the thread that it belongs to because of what it goes on from. */
export interface BoundTrace extends JoinedTrace {
  readonly boundTo: string;
  /** The thread that it belonged to before; `''` when there was none. */
  readonly boundBefore: string;
}
