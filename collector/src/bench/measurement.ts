import type { Progress, Section } from './figures.js';

/** What a measurement is told. */
export interface BenchOptions {
  /** Threads of 20 turns that are sent to measure the ingest. */
  readonly threads: number;
  /** Messages in the store when queries are measured. */
  readonly messages: number;
  /** Where collectors leave their CPU profiles. */
  readonly profileDir: string | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Measures one thing, and leaves nothing behind. */
export type Measure = (options: BenchOptions) => Promise<readonly Section[]>;
