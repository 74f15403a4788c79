import { EventEmitter, once } from 'node:events';

/** How far accepted spans and log records have come, in items since the start. */
export interface FlowCounts {
  /** On disk; their senders were told so. */
  readonly accepted: number;
  /** In ClickHouse. */
  readonly stored: number;
  /** In ClickHouse, with their threads rebuilt. */
  readonly queryable: number;
  /** Not storable, and kept as dead letters. */
  readonly refused: number;
}

type Stage = keyof FlowCounts;

/** Items accepted within one second, and in the second before it. */
interface Lately {
  readonly second: number;
  readonly items: number;
  readonly before: number;
}

const NOTHING: FlowCounts = { accepted: 0, stored: 0, queryable: 0, refused: 0 };

/** Accepted and neither found by queries nor refused yet. */
export const waitingOf = ({ accepted, queryable, refused }: FlowCounts): number =>
  accepted - queryable - refused;

/** Counts items by project as they pass. What an earlier process left behind counts once it is read. */
export class Flow {
  readonly #counts = new Map<string, FlowCounts>();
  readonly #lately = new Map<string, Lately>();
  readonly #events = new EventEmitter<{ stored: [] }>().setMaxListeners(0);

  add(projectId: string, stage: Stage, items: number): void {
    const counts = this.#counts.get(projectId) ?? NOTHING;
    this.#counts.set(projectId, { ...counts, [stage]: counts[stage] + items });
    if (stage === 'accepted') {
      const lately = this.#latelyOf(projectId);
      this.#lately.set(projectId, { ...lately, items: lately.items + items });
    }
    if (stage === 'stored' || stage === 'refused') this.#events.emit('stored');
  }

  /** Items accepted in this second and the one before. */
  recent(projectId: string): number {
    const { items, before } = this.#latelyOf(projectId);
    return items + before;
  }

  /** Resolves once what the project has had accepted by now is stored, or refused. @throws AbortError */
  async stored(projectId: string, signal: AbortSignal): Promise<void> {
    const { accepted } = this.of(projectId);
    const isPassed = (): boolean => {
      const { stored, refused } = this.of(projectId);
      return stored + refused >= accepted;
    };
    while (!isPassed()) await once(this.#events, 'stored', { signal });
  }

  #latelyOf(projectId: string): Lately {
    const second = Math.floor(performance.now() / 1_000);
    const lately = this.#lately.get(projectId);
    if (lately?.second === second) return lately;
    return { second, items: 0, before: lately?.second === second - 1 ? lately.items : 0 };
  }

  of(projectId: string): FlowCounts {
    return this.#counts.get(projectId) ?? NOTHING;
  }

  byProject(): ReadonlyMap<string, FlowCounts> {
    return new Map(this.#counts);
  }
}
