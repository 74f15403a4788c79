import type { ClickHouseClient } from '@clickhouse/client';
import { askErasure } from '../erasure/ask-erasure.js';
import type { Erasure, ErasureLedger } from '../erasure/ledger.js';
import type { Subject } from '../erasure/subject.js';
import { selectRows } from '../store/client.js';
import { insertRows } from '../store/write-facts.js';

export interface RetentionOptions {
  readonly client: ClickHouseClient;
  readonly ledger: ErasureLedger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of a look that failed; the next one comes. */
  readonly onError: (error: unknown) => void;
}

const DAY_MS = 24 * 3_600_000;
/** How often it is looked whose day has come. */
const LOOK_MS = 600_000;

const SETTING = 'retention';

const READ = `SELECT project_id, JSONExtractUInt(argMax(value, version), 'days') AS days FROM project_settings
WHERE name = '${SETTING}' GROUP BY project_id HAVING days > 0`;

/** What goes when threads are kept this long after they were last heard of, by the collector's own clock. */
export const expiredBy = (days: number, now: number): Subject => ({
  kind: 'expired',
  before: now - days * DAY_MS,
});

/**
 * How long each project keeps its threads. Once a day threads go whole that nothing has been received
 * of for so long, with the contents that nothing else refers to.
 */
export class Retention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Begins to look, now and from time to time. */
  start(): void {
    const look = (): void => void this.look().catch(this.#options.onError);
    this.#timer = setInterval(look, LOOK_MS);
    look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Days; `undefined` for ever. */
  async get(projectId: string): Promise<number | undefined> {
    return (await this.#read()).get(projectId);
  }

  /** Holds for what is stored too: what is older begins to go at once. */
  async set(projectId: string, days: number | null): Promise<void> {
    const { client, now } = this.#options;
    const row = {
      project_id: projectId,
      name: SETTING,
      value: JSON.stringify(days === null ? null : { days }),
      version: String(now()),
    };
    await insertRows(client, new Map([['project_settings', [row]]]));
    if (days !== null) await askErasure(this.#options, projectId, expiredBy(days, now()));
  }

  async lastRun(projectId: string): Promise<Erasure | undefined> {
    const { erasures } = await this.#options.ledger.list({ projectId, kind: 'expired', limit: 1 });
    return erasures[0];
  }

  /** Milliseconds since 1970. */
  async nextRunAt(projectId: string): Promise<number> {
    const last = await this.lastRun(projectId);
    return last === undefined ? this.#options.now() : last.erasedAt + DAY_MS;
  }

  /** Has erased what is due. */
  async look(): Promise<void> {
    const { now } = this.#options;
    for (const [projectId, days] of await this.#read())
      if ((await this.nextRunAt(projectId)) <= now())
        await askErasure(this.#options, projectId, expiredBy(days, now()));
  }

  async #read(): Promise<ReadonlyMap<string, number>> {
    const rows = await selectRows<{ project_id: string; days: string }>(
      this.#options.client,
      READ,
      {},
    );
    return new Map(rows.map(({ project_id, days }) => [project_id, Number(days)]));
  }
}
