/** How much was masked in projects, by the name of what found it. */
export class MaskingCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(projectId: string, found: ReadonlyMap<string, number>): void {
    const counts = this.#counts.get(projectId) ?? new Map<string, number>();
    for (const [name, count] of found) counts.set(name, (counts.get(name) ?? 0) + count);
    this.#counts.set(projectId, counts);
  }

  of(projectId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts.get(projectId) ?? []);
  }
}
