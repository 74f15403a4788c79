import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../store/client.js';

interface Epoch {
  /** Grows with every step of an erasure. */
  readonly version: string;
  /** Milliseconds since 1970: what began before may be something erased. */
  readonly erasedAt: number;
}

const READ = `SELECT project_id, toString(max(version)) AS newest,
  toUnixTimestamp64Milli(maxIf(erased_at, kind NOT IN ('expired', 'late'))) AS erased_ms
FROM erasures GROUP BY project_id`;

/** How far erasing is in each project, as all processes see it; at most `refreshMs` old. */
export class ErasureEpochs {
  /** How long it may take until another process notices that something is being erased. */
  readonly refreshMs: number;
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  #epochs: ReadonlyMap<string, Epoch> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  /** @param now - milliseconds, of a clock that never goes back */
  constructor(
    client: ClickHouseClient,
    refreshMs: number,
    now: () => number = () => performance.now(),
  ) {
    this.#client = client;
    this.refreshMs = refreshMs;
    this.#now = now;
  }

  /** Looks again where that is too long ago. @throws what ClickHouse answers */
  async refresh(): Promise<void> {
    if (this.#now() - this.#readAt >= this.refreshMs) await this.read();
  }

  /** Looks again. */
  async read(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading.catch(() => undefined);
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** When the last erasure of a project was asked for; 0 for never. */
  erasedAt(projectId: string): number {
    return this.#epochs.get(projectId)?.erasedAt ?? 0;
  }

  versions(): ReadonlyMap<string, string> {
    return new Map([...this.#epochs].map(([projectId, { version }]) => [projectId, version]));
  }

  /** Tells one who remembers things of projects when to forget them. */
  watch(): () => ReadonlySet<string> {
    let seen: ReadonlyMap<string, string> = new Map();
    return () => {
      const now = this.versions();
      const changed = [...now.keys()].filter(
        (projectId) => now.get(projectId) !== seen.get(projectId),
      );
      seen = now;
      return new Set(changed);
    };
  }

  async #read(): Promise<void> {
    const readAt = this.#now();
    const rows = await selectRows<{ project_id: string; newest: string; erased_ms: string }>(
      this.#client,
      READ,
      {},
    );
    this.#epochs = new Map(
      rows.map(({ project_id, newest, erased_ms }) => [
        project_id,
        { version: newest, erasedAt: Math.max(0, Number(erased_ms)) },
      ]),
    );
    this.#readAt = readAt;
  }
}
