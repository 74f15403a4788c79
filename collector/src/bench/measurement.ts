import type { Progress, Section } from './figures.js';

/** Another collector to measure beside ours. */
export interface Against {
  /** A shell command that starts it, with its store. */
  readonly command: string;
  /** OTLP/HTTP base URL, on a loopback address. */
  readonly url: string;
  /** Where its store keeps what it is sent; what is on disk is not told without it. */
  readonly dataDir: string | undefined;
}

/** What a measurement is told. */
export interface BenchOptions {
  /** Threads of 20 turns that are sent to measure the ingest. */
  readonly threads: number;
  /** Messages in the store when queries are measured. */
  readonly messages: number;
  /** Where collectors leave their CPU profiles. */
  readonly profileDir: string | undefined;
  readonly against: Against | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Measures one thing, and leaves nothing behind. */
export type Measure = (options: BenchOptions) => Promise<readonly Section[]>;
