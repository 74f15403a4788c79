import type { ClickHouseClient } from '@clickhouse/client';
import type { ErasedTable, ErasureCounts, ErasureKind, ErasureState } from '@colloquy/schema';
import { selectRows } from '../store/client.js';
import type { Row } from '../store/gen-ai-columns.js';
import { formatMillis } from '../store/time.js';
import { insertRows } from '../store/write-facts.js';
import type { Subject } from './subject.js';

/** What is known of an erasure beside what was asked for. */
export interface ErasureReport {
  readonly step: string;
  readonly counts: ErasureCounts | null;
  readonly tables: readonly ErasedTable[];
  readonly rounds: number;
  readonly finishedAt: number | null;
  readonly error: string | null;
}

/** An erasure that was asked for. Times are milliseconds since 1970. */
export interface Erasure {
  readonly projectId: string;
  readonly id: string;
  readonly kind: ErasureKind;
  /** `undefined` once it is erased. */
  readonly subject: Subject | undefined;
  readonly subjectMark: string;
  readonly state: ErasureState;
  readonly erasedAt: number;
  readonly report: ErasureReport;
  readonly worker: string;
  readonly updatedAt: number;
}

export const NO_REPORT: ErasureReport = {
  step: 'waiting',
  counts: null,
  tables: [],
  rounds: 0,
  finishedAt: null,
  error: null,
};

interface LedgerRow {
  readonly project_id: string;
  readonly erasure_id: string;
  readonly kind: ErasureKind;
  readonly subject: string;
  readonly subject_mark: string;
  readonly state: ErasureState;
  readonly erased_ms: string;
  readonly report: string;
  readonly worker: string;
  readonly updated_ms: string;
}

const SELECT = `SELECT project_id, erasure_id, kind, subject, subject_mark, state, report, worker,
  toUnixTimestamp64Milli(erased_at) AS erased_ms, toUnixTimestamp64Milli(updated_at) AS updated_ms
FROM erasures FINAL`;

const decode = (row: LedgerRow): Erasure => ({
  projectId: row.project_id,
  id: row.erasure_id,
  kind: row.kind,
  subject: row.subject === '' ? undefined : (JSON.parse(row.subject) as Subject),
  subjectMark: row.subject_mark,
  state: row.state,
  erasedAt: Number(row.erased_ms),
  report: JSON.parse(row.report) as ErasureReport,
  worker: row.worker,
  updatedAt: Number(row.updated_ms),
});

/** How many of a project are listed, of which kinds or of whom. */
export interface ErasureQuery {
  readonly projectId: string;
  readonly limit: number;
  readonly kind?: ErasureKind | undefined;
  /** Digest of the id that was asked for. */
  readonly subjectMark?: string | undefined;
}

/** What was asked to be erased, and how far that is. */
export class ErasureLedger {
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  #version = 0;

  /** @param now - milliseconds since 1970 */
  constructor(client: ClickHouseClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** Gives the erasure as it was written. */
  async write(erasure: Erasure): Promise<Erasure> {
    const updatedAt = this.#now();
    // Microseconds, so that what follows within one millisecond is newer.
    this.#version = Math.max(updatedAt * 1_000, this.#version + 1);
    const row: Row = {
      project_id: erasure.projectId,
      erasure_id: erasure.id,
      kind: erasure.kind,
      subject: erasure.subject === undefined ? '' : JSON.stringify(erasure.subject),
      subject_mark: erasure.subjectMark,
      state: erasure.state,
      erased_at: formatMillis(erasure.erasedAt),
      report: JSON.stringify(erasure.report),
      worker: erasure.worker,
      updated_at: formatMillis(updatedAt),
      version: String(this.#version),
    };
    await insertRows(this.#client, new Map([['erasures', [row]]]));
    return { ...erasure, updatedAt };
  }

  /** Removes the versions of what is done that still say who it was. */
  async forgetSubjects(): Promise<void> {
    const rows = await selectRows<{ id: string }>(
      this.#client,
      `SELECT DISTINCT toString(erasure_id) AS id FROM erasures WHERE subject != ''
         AND erasure_id IN (SELECT erasure_id FROM erasures FINAL WHERE state = 'done')`,
      {},
    );
    if (rows.length === 0) return;
    await this.#client.command({
      query: `ALTER TABLE erasures DELETE WHERE erasure_id IN {ids:Array(UUID)} AND subject != '' SETTINGS mutations_sync = 2`,
      query_params: { ids: rows.map(({ id }) => id) },
    });
  }

  async find(projectId: string, id: string): Promise<Erasure | undefined> {
    const [row] = await selectRows<LedgerRow>(
      this.#client,
      `${SELECT} WHERE project_id = {projectId:String} AND erasure_id = {id:UUID}`,
      { projectId, id },
    );
    return row === undefined ? undefined : decode(row);
  }

  /** The newest first. */
  async list({ projectId, limit, kind, subjectMark }: ErasureQuery): Promise<{
    readonly erasures: readonly Erasure[];
    readonly total: number;
  }> {
    const where = `WHERE project_id = {projectId:String} AND kind LIKE {kind:String} AND toString(subject_mark) LIKE {mark:String}`;
    const params = { projectId, limit, kind: kind ?? '%', mark: subjectMark ?? '%' };
    const [rows, counts] = await Promise.all([
      selectRows<LedgerRow>(
        this.#client,
        `${SELECT} ${where} ORDER BY erased_at DESC, erasure_id LIMIT {limit:UInt32}`,
        params,
      ),
      selectRows<{ total: string }>(
        this.#client,
        `SELECT count() AS total FROM erasures FINAL ${where}`,
        params,
      ),
    ]);
    return { erasures: rows.map(decode), total: Number(counts[0]?.total ?? 0) };
  }

  /** Of all projects, the oldest first. */
  async findUnfinished(): Promise<readonly Erasure[]> {
    const rows = await selectRows<LedgerRow>(
      this.#client,
      `${SELECT} WHERE state != 'done' ORDER BY erased_at, erasure_id`,
      {},
    );
    return rows.map(decode);
  }

  /** What arrived since and was kept out. */
  async countLate(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, { spans: number; logs: number }>> {
    const rows = await selectRows<{ id: string; spans: string; logs: string }>(
      this.#client,
      `SELECT toString(erasure_id) AS id, sum(spans) AS spans, sum(logs) AS logs FROM erasure_late
       WHERE erasure_id IN {ids:Array(UUID)} GROUP BY erasure_id`,
      { ids },
    );
    return new Map(
      rows.map(({ id, spans, logs }) => [id, { spans: Number(spans), logs: Number(logs) }]),
    );
  }
}
