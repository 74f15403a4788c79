import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Json } from '@colloquy/schema';
import { selectRows } from './client.js';
import { insertRows } from './write-facts.js';

/** How old a setting may be that another process has changed. */
const REFRESH_MS = 2_000;

const READ = `SELECT project_id, name, argMax(value, version) AS value FROM project_settings
GROUP BY project_id, name HAVING value != 'null'`;

interface SettingRow {
  readonly project_id: string;
  readonly name: string;
  readonly value: string;
}

/** What projects have set, by name. Held in memory; changes of other processes show within seconds. */
export class ProjectSettings {
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  #values: ReadonlyMap<string, Json> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  /** @param now - milliseconds since 1970 */
  constructor(client: ClickHouseClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /**
   * The value as it was set; `undefined` where nothing is set.
   * @throws what ClickHouse answers, where nothing has been read yet
   */
  async get(projectId: string, name: string): Promise<Json | undefined> {
    if (this.#now() - this.#readAt >= REFRESH_MS) await this.#refresh();
    return this.#values.get(keyOf(projectId, name));
  }

  /**
   * Sets a value that is never to change, unless there is one; gives the one that holds. Of processes that
   * do so at one time the first wins. It takes some seconds, in which their rows become known.
   */
  async setOnce(projectId: string, name: string, value: Json): Promise<Json> {
    await this.#read();
    const known = this.#values.get(keyOf(projectId, name));
    if (known !== undefined) return known;
    await this.#insert(projectId, name, value, versionOfFirst(this.#now()));
    await this.spread();
    await this.#read();
    return this.#values.get(keyOf(projectId, name)) ?? value;
  }

  /** Sets a value; `null` takes it back. Resolves once it holds here. */
  async set(projectId: string, name: string, value: Json): Promise<void> {
    await this.#insert(projectId, name, value, String(this.#now()));
    await this.#reading?.catch(() => undefined);
    await this.#read();
  }

  async #insert(projectId: string, name: string, value: Json, version: string): Promise<void> {
    const row = { project_id: projectId, name, value: JSON.stringify(value), version };
    await insertRows(this.#client, new Map([['project_settings', [row]]]));
  }

  /** Resolves when all processes know what has been set by now. */
  async spread(): Promise<void> {
    await setTimeout(REFRESH_MS + 100);
  }

  /** While ClickHouse is away the last known values hold. */
  async #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    try {
      await this.#reading;
    } catch (error) {
      if (this.#readAt === Number.NEGATIVE_INFINITY) throw error;
    }
  }

  async #read(): Promise<void> {
    const rows = await selectRows<SettingRow>(this.#client, READ, {});
    this.#values = new Map(
      rows.map(({ project_id, name, value }) => [
        keyOf(project_id, name),
        JSON.parse(value) as Json,
      ]),
    );
    this.#readAt = this.#now();
  }
}

/** Higher than any time, and the higher the earlier; no two are alike. */
const versionOfFirst = (nowMs: number): string =>
  String(2n ** 63n - BigInt(nowMs) * 2n ** 20n - BigInt(randomInt(2 ** 20)));

const keyOf = (projectId: string, name: string): string => `${projectId}/${name}`;
