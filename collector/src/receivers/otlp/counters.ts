import { SIGNAL_NAMES, type Signal } from './signals.js';

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

export const OUTCOMES = ['accepted', 'rejected', 'dropped'] as const satisfies readonly Outcome[];

type Counts = Record<Signal, Record<Outcome, number>>;

const nothing = (): Counts => ({
  traces: { accepted: 0, rejected: 0, dropped: 0 },
  logs: { accepted: 0, rejected: 0, dropped: 0 },
  metrics: { accepted: 0, rejected: 0, dropped: 0 },
});

/** Counts spans, log records and data points, of each project. Items to be sent again are counted then. */
export class OtlpCounters {
  readonly #counts = new Map<string, Counts>();

  add(projectId: string, signal: Signal, outcome: Outcome, items: number): void {
    const counts = this.#counts.get(projectId) ?? nothing();
    counts[signal][outcome] += items;
    this.#counts.set(projectId, counts);
  }

  /** Of one project, or of all; a copy, which later items do not change. */
  snapshot(projectId?: string): Readonly<Record<Signal, SignalCounts>> {
    const sum = nothing();
    for (const [id, counts] of this.#counts) {
      if (projectId !== undefined && id !== projectId) continue;
      for (const signal of SIGNAL_NAMES)
        for (const outcome of OUTCOMES) sum[signal][outcome] += counts[signal][outcome];
    }
    return sum;
  }
}
