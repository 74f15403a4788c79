import type { LogRecord, Rejection, Span } from '@colloquy/schema';

/** What one export request brought, decoded and checked; ids are well-formed. */
export interface TelemetryBatch {
  readonly projectId: string;
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
  /** Size of the request as decoded, for bounding what waits. */
  readonly bytes: number;
}

/** The stage after the receivers: the one interface that they know. */
export interface TelemetryConsumer {
  /**
   * Resolves once the batch is stored, but for the items that it returns: those cannot be.
   * @throws ColloquyError `QUEUE_FULL` or `STORE_UNAVAILABLE` when the sender should try again.
   */
  consume(batch: TelemetryBatch): Promise<readonly Rejection[]>;
}
