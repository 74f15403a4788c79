import type { CanonicalBatch } from './write-facts.js';

/** What of some batches may be stored. */
export interface Admission {
  /** As many as were given, without the items that may not. */
  readonly batches: readonly CanonicalBatch[];
  /** Projects of which contents may have been erased since this was asked last. */
  readonly erased: ReadonlySet<string>;
  /** To be called once they are stored: projects of which something has been erased meanwhile. */
  confirm(): Promise<ReadonlySet<string>>;
}

/** Keeps out what was erased before it arrived. */
export interface ArrivalGuard {
  /** @throws what ClickHouse answers; nothing may be stored then */
  admit(batches: readonly CanonicalBatch[]): Promise<Admission>;
}
