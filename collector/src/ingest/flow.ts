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

const NOTHING: FlowCounts = { accepted: 0, stored: 0, queryable: 0, refused: 0 };

/** Accepted and neither found by queries nor refused yet. */
export const waitingOf = ({ accepted, queryable, refused }: FlowCounts): number =>
  accepted - queryable - refused;

/** Counts items by project as they pass. What an earlier process left behind counts once it is read. */
export class Flow {
  readonly #counts = new Map<string, FlowCounts>();

  add(projectId: string, stage: Stage, items: number): void {
    const counts = this.#counts.get(projectId) ?? NOTHING;
    this.#counts.set(projectId, { ...counts, [stage]: counts[stage] + items });
  }

  of(projectId: string): FlowCounts {
    return this.#counts.get(projectId) ?? NOTHING;
  }

  byProject(): ReadonlyMap<string, FlowCounts> {
    return new Map(this.#counts);
  }

  total(): FlowCounts {
    let total = NOTHING;
    for (const counts of this.#counts.values())
      total = {
        accepted: total.accepted + counts.accepted,
        stored: total.stored + counts.stored,
        queryable: total.queryable + counts.queryable,
        refused: total.refused + counts.refused,
      };
    return total;
  }
}
