import type { Signal } from './signals.js';

/** What became of the items of one signal since the start. */
export interface SignalCounts {
  /** Stored. */
  readonly accepted: number;
  /** Malformed, and refused for good; the sender was told. */
  readonly rejected: number;
  /** Well-formed and not kept: metrics, and items that met an error which no retry helps. */
  readonly dropped: number;
}

type Outcome = keyof SignalCounts;

/** Counts spans, log records and data points. Items to be sent again are counted then. */
export class OtlpCounters {
  readonly #counts: Record<Signal, Record<Outcome, number>> = {
    traces: { accepted: 0, rejected: 0, dropped: 0 },
    logs: { accepted: 0, rejected: 0, dropped: 0 },
    metrics: { accepted: 0, rejected: 0, dropped: 0 },
  };

  add(signal: Signal, outcome: Outcome, items: number): void {
    this.#counts[signal][outcome] += items;
  }

  /** A copy, which later items do not change. */
  snapshot(): Readonly<Record<Signal, SignalCounts>> {
    const { traces, logs, metrics } = this.#counts;
    return { traces: { ...traces }, logs: { ...logs }, metrics: { ...metrics } };
  }
}
