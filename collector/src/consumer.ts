import type { LogRecord, Span } from '@colloquy/schema';

/** What one export request brought, decoded and checked; ids are well-formed. */
export interface TelemetryBatch {
  readonly projectId: string;
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
  /** Size of the request as decoded, for bounding what waits. */
  readonly bytes: number;
  /** Milliseconds since 1970; now where this is left out. The same whenever the batch is given again. */
  readonly receivedAt?: number;
}

/** A well-formed item that cannot be stored, and why. */
export interface RefusedItem {
  readonly item: Span | LogRecord;
  readonly reason: string;
}

/** What takes decoded telemetry on to the store. */
export interface TelemetryConsumer {
  /**
   * Resolves once the batch is stored, but for the items that it returns: those cannot be.
   * @throws ColloquyError `STORE_UNAVAILABLE` when the batch should be given again
   */
  consume(batch: TelemetryBatch): Promise<readonly RefusedItem[]>;
}

/** An export request that can be read. */
export interface CheckedRequest {
  readonly projectId: string;
  readonly signal: 'traces' | 'logs';
  readonly encoding: 'protobuf' | 'json';
  /** The message itself, decompressed. */
  readonly body: Buffer;
  /** Well-formed spans or log records in the body. */
  readonly items: number;
}

/** The stage after the receivers: the one interface that they know. */
export interface RequestIntake {
  /**
   * Resolves once the request is safe.
   * @throws ColloquyError `QUEUE_FULL`, `DISK_FULL` or `STORE_UNAVAILABLE` when the sender should try again
   */
  accept(request: CheckedRequest): Promise<void>;
}
