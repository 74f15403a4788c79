import { randomUUID } from 'node:crypto';
import type { ErasedTable, ErasureCounts } from '@colloquy/schema';
import { countErased, countTables } from './count.js';
import { plan, type PlanOptions } from './plan.js';
import { tablesToErase } from './store-tables.js';
import type { Subject } from './subject.js';
import { dropTargets, readScope, writeTargets } from './targets.js';
import { noteAllContents, paramsOf } from './worker.js';

export interface Preview {
  readonly counts: ErasureCounts;
  readonly tables: readonly ErasedTable[];
  readonly sharedThreads: readonly string[];
}

/** Counts what would be erased, and erases nothing. @param now - milliseconds since 1970 */
export async function previewErasure(
  options: PlanOptions,
  subject: Subject,
  now: number,
): Promise<Preview> {
  const { client, projectId } = options;
  const params = paramsOf({ projectId, id: randomUUID(), erasedAt: now }, subject);
  try {
    const found = await plan(options, subject);
    await writeTargets(client, params, found.targets);
    await noteAllContents(client, subject, params);
    const scope = await readScope(client, subject.kind, params.erasureId);
    return {
      counts: await countErased(client, scope, params, found),
      tables: await countTables(client, await tablesToErase(client, scope), params),
      sharedThreads: found.sharedThreads,
    };
  } finally {
    await dropTargets(client, params.erasureId);
  }
}
