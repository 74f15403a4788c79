import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { LogRecord, Span } from '@colloquy/schema';
import { Pipeline } from '../../pipeline.js';
import { selectRows } from '../../store/client.js';
import { Erasures } from '../erasures.js';
import type { Erasure } from '../ledger.js';
import type { Subject } from '../subject.js';

/** A collector without doors. */
export interface Eraser {
  readonly pipeline: Pipeline;
  readonly erasures: Erasures;
  send(projectId: string, spans: readonly Span[], logs?: readonly LogRecord[]): Promise<void>;
  /** Resolves when it is done. */
  erase(projectId: string, subject: Subject): Promise<Erasure>;
  /** Resolves when nothing is being erased, and gives what has been. */
  settled(projectId: string): Promise<readonly Erasure[]>;
  stop(): Promise<void>;
}

const POLL_MS = 50;

export function openEraser(client: ClickHouseClient): Eraser {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const erasures = new Erasures({ client, inferThreads: true, now: Date.now, refreshMs: 100 });
  const pipeline = new Pipeline({
    client,
    now: Date.now,
    guard: erasures.guard,
    erased: erasures.watch(),
    onError,
  });
  const worker = erasures.start({
    settle: () => pipeline.rebuilt(),
    holdRebuilds: (work) => pipeline.holdRebuilds(work),
    touch: (traces) => pipeline.touch(traces),
    onError,
  });
  const settled = async (projectId: string): Promise<readonly Erasure[]> => {
    for (;;) {
      if (errors.length > 0) throw errors[0];
      const { erasures: all } = await erasures.ledger.list({ projectId, limit: 100 });
      if (all.every(({ state }) => state === 'done') && !worker.isErasing) {
        await pipeline.settle();
        return all;
      }
      await sleep(POLL_MS);
    }
  };
  return {
    pipeline,
    erasures,
    send: async (projectId, spans, logs = []) => {
      await pipeline.consume({ projectId, bytes: 0, spans, logs });
      await pipeline.settle();
    },
    erase: async (projectId, subject) => {
      const { id } = await worker.ask(projectId, subject);
      const done = (await settled(projectId)).find((erasure) => erasure.id === id);
      if (done === undefined) throw new Error('the erasure is gone');
      return done;
    },
    settled,
    stop: async () => {
      await erasures.stop();
      await pipeline.stop();
    },
  };
}

/** Every table of the database that is kept on disk. */
async function listTables(client: ClickHouseClient): Promise<readonly string[]> {
  const rows = await selectRows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
    {},
  );
  return rows.map(({ name }) => name);
}

/** Looks for words in every column of every row that is stored; gives the tables that have one. */
export async function findWords(
  client: ClickHouseClient,
  words: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of await listTables(client)) {
    const [row] = await selectRows<{ rows: string }>(
      client,
      `SELECT count() AS rows FROM ${table} WHERE multiSearchAny(formatRow('TSV', *), {words:Array(String)})`,
      { words },
    );
    if (Number(row?.rows) > 0) found.push(table);
  }
  return found;
}

/** All rows of a project in every table, as text: what must stay the same to the letter. */
export async function dumpProject(
  client: ClickHouseClient,
  projectId: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const dump: Record<string, readonly string[]> = {};
  for (const table of await listTables(client)) {
    if (table === 'schema_migrations' || table === 'access_key_uses') continue;
    const rows = await selectRows<{ row: string }>(
      client,
      `SELECT formatRow('JSONEachRow', *) AS row FROM ${table} WHERE project_id = {projectId:String} ORDER BY row`,
      { projectId },
    );
    if (rows.length > 0) dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}
